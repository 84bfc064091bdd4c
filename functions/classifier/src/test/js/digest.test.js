import assert from 'node:assert/strict';
import {test} from 'node:test';
import {digest} from '../../main/resources/page/digest.js';
import {sha256} from '../../main/resources/page/upload.js';

test('the digest without the browser is that of the browser, at every length of the last block', async () => {
  const bytes = Uint8Array.from({length: 200}, (_, i) => i * 37 & 255);
  for (let length = 0; length <= bytes.length; length++) {
    const {buffer} = bytes.slice(0, length);
    assert.deepEqual([...digest(buffer)], [...new Uint8Array(await crypto.subtle.digest('SHA-256', buffer))], String(length));
  }
});

test('a page by plain http names pictures, too', async t => {
  t.mock.getter(globalThis, 'crypto', () => ({}));
  assert.equal(await sha256()(new Blob(['abc'])), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
