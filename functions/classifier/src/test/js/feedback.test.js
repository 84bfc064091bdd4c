import assert from 'node:assert/strict';
import {test} from 'node:test';
import {otherLabels, say} from '../../main/resources/page/feedback.js';

const probabilities = ['cat', 'dog', 'fox', 'lynx', 'wolf'].map(label => ({label}));

test('a click offers what else it may be, and first what is being taught', () => {
  assert.deepEqual(otherLabels({label: 'cat', notLearned: null, probabilities}), ['dog', 'fox', 'lynx']);
  assert.deepEqual(otherLabels({label: 'cat', notLearned: 'owl', probabilities}), ['owl', 'dog', 'fox']);
  assert.deepEqual(otherLabels({label: 'cat+dog', notLearned: null, probabilities: probabilities.slice(0, 2)}), ['cat', 'dog']);
  assert.deepEqual(otherLabels({label: 'cat', notLearned: null, probabilities: probabilities.slice(0, 1)}), []);
});

test('what is said goes to the kept answer, and to the picture where none is kept that is of use', async () => {
  const calls = [];
  const keep = async label => { calls.push(label); return null; };
  const answering = (state, undo) => async (method, path, body) => { calls.push([method, path, body]); return {state, undo}; };
  await say({id: '1', kept: false}, 'cat', keep);
  assert.deepEqual(calls, ['cat']);
  calls.length = 0;
  assert.equal(typeof await say({id: '1', kept: true}, 'cat', keep, answering('added', 'u')), 'function');
  assert.deepEqual(calls, [['POST', '/feedback', {id: '1', label: 'cat'}]]);
  calls.length = 0;
  assert.equal(await say({id: '1', kept: true}, '', keep, answering('review', null)), null);
  assert.deepEqual(calls, [['POST', '/feedback', {id: '1', label: null}]]);
  calls.length = 0;
  await say({id: '1', kept: true}, 'cat', keep, answering('noted', null));
  assert.deepEqual(calls.at(-1), 'cat');
});
