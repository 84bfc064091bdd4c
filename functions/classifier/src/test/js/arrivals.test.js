import assert from 'node:assert/strict';
import {test} from 'node:test';
import {arrivals} from '../../main/resources/page/arrivals.js';

const fresh = numbers => {
  const seen = arrivals();
  return numbers.map(n => seen(n).fresh);
};

test('counts what is new since the view was opened', () => {
  assert.deepEqual(fresh([50, 50, 52, 52, 60]), [0, 0, 2, 2, 10]);
});

test('counts from nothing after a while without any', () => {
  assert.deepEqual(fresh([50, 52, 52, 52, 52, 52, 52, 53]), [0, 2, 2, 2, 2, 2, 0, 1]);
});

test('counts from nothing after images were deleted', () => {
  assert.deepEqual(fresh([50, 40, 42]), [0, 0, 2]);
});

test('tells a change in either direction, but not the first number', () => {
  const seen = arrivals();
  assert.deepEqual([50, 50, 51, 40, 40].map(n => seen(n).changed), [false, false, true, true, false]);
});
