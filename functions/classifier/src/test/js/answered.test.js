import assert from 'node:assert/strict';
import {test} from 'node:test';
import {line, thresholdsFor} from '../../main/resources/page/answered.js';

test('the curve lies between the lowest accuracy and all right', () => {
  assert.equal(line([{share: 0.5, accuracy: 1}, {share: 1, accuracy: 0.8}]), '100.0,0.0 200.0,100.0');
  assert.equal(line([{share: 1, accuracy: 0.95}]), '200.0,50.0', 'from 90 % on');
});

test('a class that never reaches the precision waits for a person', () => {
  const classes = [{label: 'a', cuts: [{precision: 90, threshold: 0.5}, {precision: 99, threshold: null}]}];
  assert.deepEqual([thresholdsFor(classes, 90), thresholdsFor(classes, 99)], [{a: 0.5}, {a: 1}]);
});
