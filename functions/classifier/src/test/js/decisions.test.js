import assert from 'node:assert/strict';
import {test} from 'node:test';
import {decisionsSince, takeBack} from '../../main/resources/page/decisions.js';

const row = (by, images, first, last) => ({by, source: 'CORRECTION', images, first, last});

test('decisions of all steps are joined by who made them', async () => {
  const steps = {
    '1': {decisions: [row('ann', 2, '1', '3'), row('bob', 1, '2', '2')], next: '4'},
    '4': {decisions: [row('bob', 5, '4', '6')], next: null},
  };
  assert.deepEqual(await decisionsSince('1', async from => steps[from]),
    [row('bob', 6, '2', '6'), row('ann', 2, '1', '3')]);
});

test('a label file and a person of the same name stay apart', async () => {
  const decisions = [row('a', 1, '1', '1'), {...row('a', 2, '1', '1'), source: 'FILE'}];
  assert.equal((await decisionsSince('1', async () => ({decisions, next: null}))).length, 2);
});

test('taking back goes on until nothing is left, within the same time', async () => {
  const asked = [];
  const step = async body => {
    asked.push(body);
    return {changed: 1000, next: asked.length < 3 ? String(asked.length) : null};
  };
  assert.equal(await takeBack({by: 'ann'}, '0', step), 3000);
  assert.deepEqual(asked.map(body => body.from), ['0', '1', '2']);
  assert.deepEqual(new Set(asked.map(body => body.by + body.since + body.until)).size, 1);
});
