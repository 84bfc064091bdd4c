import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mixParts} from '../../main/resources/page/drift.js';

test('a bar begins with the most frequent class and is full', () => {
  assert.deepEqual(mixParts({cat: 0.25, dog: 0.75}), [{label: 'dog', share: 0.75, part: 0.75}, {label: 'cat', share: 0.25, part: 0.25}]);
  assert.deepEqual(mixParts({sea: 1, sky: 1}).map(({part}) => part), [0.5, 0.5], 'several labels an image');
  assert.deepEqual(mixParts({}), [], 'nothing was asked');
});
