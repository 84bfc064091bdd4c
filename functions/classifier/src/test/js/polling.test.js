import assert from 'node:assert/strict';
import {test} from 'node:test';
import {poll} from '../../main/resources/page/polling.js';

/** A document that is seen and hidden. */
class FakePage extends EventTarget {
  visibilityState = 'visible';

  become(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

/** Polls by a clock of the test's own; `news` says whether the n-th call tells something new. */
function polling(t, news = () => false, page = new FakePage()) {
  t.mock.timers.enable({apis: ['setTimeout']});
  const state = {page, calls: 0, over: false};
  state.end = poll(async () => news(++state.calls), {first: 4, longest: 10, over: () => state.over, page});
  return state;
}

/** Lets everything run that waits for nothing but its turn. */
async function settle() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** The number of calls after each of so many seconds. */
async function callsAfter(t, state, seconds) {
  const calls = [];
  for (let i = 0; i < seconds; i++) {
    t.mock.timers.tick(1000);
    await settle();
    calls.push(state.calls);
  }
  return calls;
}

test('asks ever more rarely while nothing is new', async t => {
  const state = polling(t);
  await settle();
  const calls = await callsAfter(t, state, 40);
  assert.deepEqual([1, 2, 3, 4, 5].map(n => calls.indexOf(n + 1) + 1), [6, 15, 25, 35, 0]);
});

test('asks soon again when something was new', async t => {
  const state = polling(t, n => n === 3);
  await settle();
  const calls = await callsAfter(t, state, 26);
  assert.deepEqual([2, 3, 4, 5].map(n => calls.indexOf(n) + 1), [6, 15, 19, 25]);
});

test('a failure is as good as nothing new', async t => {
  const state = polling(t, () => { throw new Error('503'); });
  await settle();
  const calls = await callsAfter(t, state, 16);
  assert.deepEqual([calls[4], calls[5], calls[13], calls[14]], [1, 2, 2, 3]);
});

test('a hidden page asks nothing, and at once when it is seen again', async t => {
  const state = polling(t);
  await settle();
  state.page.become('hidden');
  assert.deepEqual(new Set(await callsAfter(t, state, 3600)), new Set([1]));
  state.page.become('visible');
  await settle();
  assert.equal(state.calls, 2);
});

test('a page that is seen again before its time does not wait for it', async t => {
  const state = polling(t);
  await settle();
  await callsAfter(t, state, 2);
  state.page.become('hidden');
  state.page.become('visible');
  await settle();
  assert.equal(state.calls, 2);
});

test('a page that is opened in the background waits to be seen', async t => {
  const page = new FakePage();
  page.visibilityState = 'hidden';
  const state = polling(t, () => false, page);
  await callsAfter(t, state, 20);
  assert.equal(state.calls, 0);
  page.become('visible');
  await settle();
  assert.equal(state.calls, 1);
});

test('ends when it is over', async t => {
  const state = polling(t);
  await settle();
  state.over = true;
  await callsAfter(t, state, 6);
  await state.end;
  assert.equal(state.calls, 1);
});
