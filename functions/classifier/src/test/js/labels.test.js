import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keyFor, labelForKey, labelOf} from '../../main/resources/page/labels.js';

const digest = Uint8Array.of(0, 10, 255, 16, 99);

test('the same content under the same name keeps its key', () => {
  assert.equal(keyFor('a.b.jpg', 'gear', digest), 'images/gear/a.b-000aff10.jpg');
  assert.equal(keyFor('.hidden', '', digest), 'images/.hidden-000aff10');
  assert.equal(keyFor('README', '', digest), 'images/README-000aff10');
});

test('a label that cannot be one folder is refused', () => {
  assert.equal(labelForKey('  hex nut '), 'hex nut');
  assert.equal(labelForKey('v1.2'), 'v1.2');
  for (const text of ['a/b', '.', '..', ' ... ']) assert.throws(() => labelForKey(text), {title: 'Label'}, text);
});

test('a file takes the typed label, else the first folder inside the chosen one', () => {
  assert.equal(labelOf({webkitRelativePath: 'flowers/tulip/red/1.jpg'}, ''), 'tulip');
  assert.equal(labelOf({webkitRelativePath: 'flowers/tulip/1.jpg'}, 'rose'), 'rose');
  assert.equal(labelOf({webkitRelativePath: 'flowers/1.jpg'}, ''), '');
  assert.equal(labelOf({}, ''), '');
});
