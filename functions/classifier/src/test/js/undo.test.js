import assert from 'node:assert/strict';
import {test} from 'node:test';
import {remember, takeBackAll, takeBackLast} from '../../main/resources/page/undo.js';

test('changes are taken back the last one first, and what stays is told', async () => {
  const sent = [];
  const told = await takeBackAll(['1', null, '2', undefined], async id => {
    sent.push(id);
    return {changed: 2, kept: id === '1' ? [{key: 'images/a/1.jpg', reason: 'labelled since as b'}] : []};
  });
  assert.deepEqual(sent, ['2', '1']);
  assert.equal(told, '4 images as before. 1 image was changed since and left so: 1.jpg (labelled since as b).');
});

test('one after the other is taken back, each once', async () => {
  const back = [];
  const first = remember(async () => { back.push('first'); });
  remember(async () => { back.push('second'); });
  assert.equal(await takeBackLast(), true);
  await first();
  await first();
  assert.equal(await takeBackLast(), false);
  assert.deepEqual(back, ['second', 'first']);
});
