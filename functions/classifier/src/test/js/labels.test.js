import assert from 'node:assert/strict';
import {test} from 'node:test';
import {hue, setHues} from '../../main/resources/page/format.js';
import {folderOf, foldersOf, keyFor, labelForKey, pathOf, withMade} from '../../main/resources/page/labels.js';

const hash = '000aff1063';

test('the same content under the same name keeps its key', () => {
  assert.equal(keyFor('a.b.jpg', 'gear', hash), 'images/gear/a.b-000aff10.jpg');
  assert.equal(keyFor('.hidden', '', hash), 'images/.hidden-000aff10');
  assert.equal(keyFor('README', '', hash), 'images/README-000aff10');
});

test('a label that cannot be one folder is refused', () => {
  assert.equal(labelForKey('  hex nut '), 'hex nut');
  assert.equal(labelForKey('v1.2'), 'v1.2');
  assert.equal(labelForKey('train'), 'train');
  assert.equal(labelForKey('Cafe\u0301'), 'Caf\u00e9');
  for (const text of ['a/b', '.', '..', ' ... ', '.ipynb_checkpoints', '@eaDir', 'test', 'Val'])
    assert.throws(() => labelForKey(text), {title: 'Label'}, text);
});

test('folders are read as the featurizer reads them', () => {
  for (const [path, split, label, system] of [
    ['a.jpg', '', '', false], ['cat/a.jpg', '', 'cat', false], ['cat/kitten/a.jpg', '', 'cat', false],
    ['train/cat/a.jpg', 'train', 'cat', false], ['TEST/cat/a.jpg', 'TEST', 'cat', false], ['validation/cat/kitten/a.jpg', 'validation', 'cat', false],
    ['train/a.jpg', '', 'train', false], ['test/a.jpg', 'test', '', false], ['cat/test/a.jpg', '', 'cat', false],
    ['cat/Thumbs.db', '', 'cat', true], ['.git/a.jpg', '', '.git', true], ['cat/@eaDir/a.jpg', '', 'cat', true]])
    assert.deepEqual(foldersOf(path), {split, label, system}, path);
});

test('a file takes the typed label, else the folder inside the chosen one, and keeps its split', () => {
  const at = path => ({name: 'x.jpg', webkitRelativePath: path});
  assert.equal(folderOf(at('flowers/tulip/red/1.jpg'), ''), 'tulip');
  assert.equal(folderOf(at('flowers/tulip/1.jpg'), 'rose'), 'rose');
  assert.equal(folderOf(at('flowers/train/tulip/1.jpg'), ''), 'train/tulip');
  assert.equal(folderOf(at('flowers/val/tulip/1.jpg'), 'rose'), 'val/rose');
  assert.equal(folderOf(at('flowers/1.jpg'), ''), '');
  assert.equal(folderOf(at('flowers/Cafe\u0301/1.jpg'), ''), 'Caf\u00e9');
  assert.equal(folderOf({name: '1.jpg'}, ''), '');
  assert.equal(pathOf(at('flowers/tulip/1.jpg')), 'tulip/1.jpg');
});

test('a class that somebody made is there before it has images, and has the colour that was chosen', () => {
  const found = {unlabelled: 1, labels: [{label: 'b', images: 2}]};
  assert.deepEqual(withMade(found, [{label: 'b', hue: 3}, {label: 'a', hue: null}]), {unlabelled: 1, labels: [{label: 'a', images: 0}, {label: 'b', images: 2}]});
  const ofName = hue('b');
  setHues([{label: 'b', hue: 3}, {label: 'a', hue: null}]);
  assert.equal(hue('b'), 3);
  setHues([]);
  assert.equal(hue('b'), ofName);
});
