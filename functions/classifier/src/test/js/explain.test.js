import assert from 'node:assert/strict';
import {test} from 'node:test';
import {colours} from '../../main/resources/page/explain.js';

test('what speaks for a class is orange, what speaks against it blue, the mean is clear', () => {
  const [most, least, mean] = [0, 4, 8].map(i => colours([[3, -1], [1, 1]]).slice(i, i + 4));
  assert.deepEqual(most, [245, 130, 30, 150]);
  assert.deepEqual(least, [40, 90, 220, 150]);
  assert.equal(mean[3], 0);
  assert.deepEqual(colours([[2, 2]]).filter((_, i) => i % 4 === 3), [0, 0], 'a flat map shows nothing');
});
