import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inSteps} from '../../main/resources/page/steps.js';

/** A window that keeps what it is told, and stops after so many steps. */
function fakeWindow(stopAfter = Infinity) {
  const shown = {told: [], closed: false};
  shown.open = (title, total, stop) => {
    Object.assign(shown, {title, total});
    return {
      tell(done) {
        shown.told.push(done);
        if (shown.told.length === stopAfter) stop();
      },
      close() { shown.closed = true; },
    };
  };
  return shown;
}

/** A step of ten images, of which there are thirty. */
function tens() {
  let step = 0;
  return async () => ({images: 10, complete: ++step === 3});
}

test('steps follow each other until they are complete, and it is told how far they are', async () => {
  const shown = fakeWindow();
  assert.deepEqual(await inSteps('Work', 30, tens(), shown.open), {done: 30, complete: true});
  assert.deepEqual(shown, {told: [10, 20, 30], closed: true, title: 'Work', total: 30, open: shown.open});
});

test('after a stop no other step begins', async () => {
  const shown = fakeWindow(2);
  assert.deepEqual(await inSteps('Work', 30, tens(), shown.open), {done: 20, complete: false});
  assert.ok(shown.closed);
});

test('a step that fails ends the work and closes the window', async () => {
  const shown = fakeWindow();
  await assert.rejects(inSteps('Work', 30, async () => { throw new Error('no response'); }, shown.open), /no response/);
  assert.ok(shown.closed);
});
