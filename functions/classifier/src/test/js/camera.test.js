import assert from 'node:assert/strict';
import {test} from 'node:test';
import {again} from '../../main/resources/page/camera.js';

test('one question follows the other until it is over, whatever fails', async () => {
  globalThis.document = {hidden: false};
  let running = 0;
  let asked = 0;
  const shown = [];
  await again(async () => {
    assert.equal(++running, 1);
    await new Promise(done => setTimeout(done, 2));
    running--;
    if (++asked === 2) throw new Error('offline');
    return asked;
  }, answer => shown.push(answer), () => asked >= 4, 1);
  assert.deepEqual(shown.map(one => one.error?.message ?? one), [1, 'offline', 3], 'what comes after the end is not shown');
  delete globalThis.document;
});

test('while nobody looks nothing is asked', async () => {
  globalThis.document = {hidden: true};
  let looks = 0;
  await again(async () => assert.fail(), () => assert.fail(), () => looks++ > 3, 1);
  delete globalThis.document;
});
