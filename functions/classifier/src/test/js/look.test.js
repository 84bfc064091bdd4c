import assert from 'node:assert/strict';
import {test} from 'node:test';
import {labelBefore} from '../../main/resources/page/look.js';

test('the first label of an image that had none is taken back, too', () => {
  const person = {label: 'gear', source: 'CORRECTION'};
  assert.equal(labelBefore([person]), null);
  assert.equal(labelBefore([person, {label: 'bolt', source: 'FOLDER'}]), 'bolt');
  assert.equal(labelBefore([person, {label: null, source: 'CORRECTION'}]), null);
  assert.equal(labelBefore([{label: 'bolt', source: 'FOLDER'}]), undefined, 'nobody decided');
});
