import assert from 'node:assert/strict';
import test from 'node:test';
import {searched} from '../../main/resources/page/search.js';

test('empty fields ask for nothing', () => {
  assert.deepEqual(searched({name: '', predicted: '', from: '', to: '', sort: 'newest'}), {});
});

test('days are whole days of the person who asks', () => {
  const {from, to, ...rest} = searched({name: 'IMG', predicted: 'cat', from: '2026-11-28', to: '2026-11-29', sort: 'name'});
  assert.deepEqual(rest, {name: 'IMG', predicted: 'cat', sort: 'name'});
  assert.equal(from, new Date(2026, 10, 28).toISOString());
  assert.equal(to, new Date(2026, 10, 30).toISOString());
});
