import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isLeftOut} from '../../main/resources/page/chosen.js';
import {isForeign, readable} from '../../main/resources/page/convert.js';

const file = (name, type = '') => Object.assign(new Blob(['x'], {type}), {name});

test('the formats of phones are told by type or name', () => {
  for (const foreign of [file('IMG_1.HEIC'), file('a.heif'), file('a.avif'), file('blob', 'image/avif'), file('a', 'image/heic-sequence')]) assert.ok(isForeign(foreign), foreign.name);
  for (const known of [file('a.jpg', 'image/jpeg'), file('heic.png', 'image/png'), file('avif')]) assert.ok(!isForeign(known), known.name);
  assert.ok(!isLeftOut(Object.assign(file('a.heic'), {webkitRelativePath: 'pets/cat/a.heic'})), 'some browsers know no type for it');
});

test('what needs no conversion stays as it is', async () => {
  const jpeg = file('a.jpg', 'image/jpeg');
  assert.equal(await readable(jpeg), jpeg);
});

test('what the browser cannot open is named with what to do', async t => {
  globalThis.createImageBitmap = async () => { throw new Error('cannot decode'); };
  t.after(() => { delete globalThis.createImageBitmap; });
  await assert.rejects(readable(file('IMG_1.HEIC')), /^Error: IMG_1\.HEIC is HEIC.*Most Compatible/);
  await assert.rejects(readable(file('a.avif', 'image/avif')), /a\.avif is AVIF.*JPEG or PNG/);
});
