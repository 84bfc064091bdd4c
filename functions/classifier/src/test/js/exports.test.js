import assert from 'node:assert/strict';
import {test} from 'node:test';
import {untilComplete} from '../../main/resources/page/exports.js';
import {texts} from '../../main/resources/page/texts.js';

/** An export of thirty images, ten a call. */
function thirty() {
  let done = 0;
  return async () => ({done: done += 10, images: 30, complete: done === 30});
}

test('an export goes on until it is complete, and it is told how far it is', async () => {
  const told = [];
  const last = await untilComplete(thirty(), ({done}) => told.push(done), () => false);
  assert.deepEqual(told, [10, 20, 30]);
  assert.ok(last.complete);
});

test('after a stop no other call is sent', async () => {
  const told = [];
  const last = await untilComplete(thirty(), ({done}) => told.push(done), () => told.length === 2);
  assert.deepEqual(told, [10, 20]);
  assert.equal(texts.exports.stopped(last), 'Stopped after 20 of 30 images. The files so far are complete.');
});

test('a call that fails ends it', async () => {
  await assert.rejects(untilComplete(async () => { throw new Error('no response'); }, () => {}, () => false), /no response/);
});
