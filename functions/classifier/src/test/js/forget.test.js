import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sayReceipt} from '../../main/resources/page/forget.js';

test('while it waits, the receipt says for what', () => {
  const [line] = sayReceipt({state: 'waiting', waitsFor: 'the next training', versions: ['1'], files: [], left: []});
  assert.match(line, /after the next training/);
});

test('in the end, the receipt says what is gone, which head is in use, and what is left', () => {
  const done = {state: 'done', versions: ['1', '2'], files: ['index/images'], left: ['backups']};
  assert.deepEqual(sayReceipt({...done, head: '3'}).slice(1), ['3 is in use, which never saw the image', 'backups']);
  assert.match(sayReceipt(done)[0], /2 heads deleted, 1 file cleaned/);
  assert.match(sayReceipt(done)[1], /Too few images/);
});

test('the receipt names what was forgotten with the image', () => {
  const [others, waits] = sayReceipt({state: 'waiting', waitsFor: 'the next training'}, ['images/cat/a.jpg', 'images/b.jpg']);
  assert.equal(others, 'Forgotten with it: a.jpg, b.jpg');
  assert.match(waits, /after the next training/);
});
