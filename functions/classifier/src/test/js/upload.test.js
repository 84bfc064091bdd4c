import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fourAtATime, lotsOf, mayAdd} from '../../main/resources/page/add.js';
import {agreedLabel, onlyNew} from '../../main/resources/page/chosen.js';
import {pathOf} from '../../main/resources/page/labels.js';
import {filesOf, sha256, upload} from '../../main/resources/page/upload.js';

const file = Object.assign(new Blob(['abc']), {name: 'a.jpg'});

test('the digest is SHA-256 (FIPS 180-2, appendix B.1)', async () => {
  assert.equal(await sha256()(file), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('a picture goes where the link leads', async t => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (url, {method, body}) => {
    asked.push([method, url, typeof body === 'string' ? JSON.parse(body) : body.size]);
    return Response.json({method: 'PUT', url: 'https://bucket/x', key: 'images/gear/a-ba7816bf.jpg'});
  });
  assert.equal(await upload(file, 'gear'), 'images/gear/a-ba7816bf.jpg');
  assert.deepEqual(asked, [['POST', 'uploads', {key: 'images/gear/a-ba7816bf.jpg'}], ['PUT', 'https://bucket/x', 3]]);
});

test('in another label set the label goes along with the picture, which lies in no folder', async t => {
  const asked = [];
  globalThis.sessionStorage = {getItem: () => 'damage'};
  t.after(() => { delete globalThis.sessionStorage; });
  const headers = {'x-amz-meta-label-damage': 'a/b'};
  t.mock.method(globalThis, 'fetch', async (url, sent) => {
    asked.push([sent.method, url, typeof sent.body === 'string' ? JSON.parse(sent.body) : sent.headers]);
    return Response.json({method: 'PUT', url: 'https://bucket/x', headers, key: 'images/a-ba7816bf.jpg'});
  });
  assert.equal(await upload(file, 'a/b'), 'images/a-ba7816bf.jpg');
  await upload(file, '');
  assert.deepEqual(asked.filter(([method]) => method === 'POST').map(([, url, body]) => [url, body]), [
    ['uploads?set=damage', {key: 'images/a-ba7816bf.jpg', label: 'a/b'}], ['uploads?set=damage', {key: 'images/a-ba7816bf.jpg'}]]);
  assert.deepEqual(asked[1], ['PUT', 'https://bucket/x', headers]);
});

test('a picture that does not arrive is named', async t => {
  t.mock.method(globalThis, 'fetch', async (url, {method}) =>
    method === 'PUT' ? new Response('', {status: 403}) : Response.json({method: 'PUT', url: 'https://bucket/x'}));
  await assert.rejects(upload(file, ''), {title: 'Not uploaded', message: /^a\.jpg did not reach/});
});

test('four tasks run at a time, and each item once', async () => {
  let running = 0;
  let most = 0;
  const done = [];
  await fourAtATime([1, 2, 3, 4, 5, 6, 7, 8, 9], async item => {
    most = Math.max(most, ++running);
    await new Promise(next => setTimeout(next, 1));
    running--;
    done.push(item);
  });
  assert.equal(most, 4);
  assert.deepEqual(done.sort(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('links are asked for up to a thousand at a time, and for so many bytes as are sent while they are good', () => {
  const sizes = lots => lots.map(lot => lot.length);
  assert.deepEqual(sizes(lotsOf([])), []);
  assert.deepEqual(sizes(lotsOf(Array(2500).fill({size: 50e3}))), [1000, 1000, 500]);
  assert.deepEqual(sizes(lotsOf(Array(100).fill({size: 5e6}))), [40, 40, 20]);
  assert.deepEqual(sizes(lotsOf([{size: 1}, {size: 900e6}, {size: 1}])), [1, 1, 1]);
});

test('what is stored already, or chosen twice, is not sent again; what nobody has labelled gets its label', async t => {
  const asked = [];
  const images = [{hash: 'a', key: 'images/dog/1.jpg', label: 'dog'}, {hash: 'b', key: 'images/2.jpg', label: null}];
  t.mock.method(globalThis, 'fetch', async (url, {method, body}) => {
    asked.push([method, url, JSON.parse(body)]);
    return method === 'POST' ? Response.json({images}) : new Response(null, {status: 204});
  });
  const one = (name, hash, label = 'cat') => ({file: {name}, hash, label});
  const told = [];
  const fresh = await onlyNew([one('x.jpg', 'a'), one('y.jpg', 'b'), one('z.jpg', 'c'), one('zz.jpg', 'c'), one('v.jpg', 'd')],
    new Map([['d', 'earlier.jpg']]), file => told.push(file));
  assert.deepEqual(fresh, [one('z.jpg', 'c')]);
  assert.deepEqual(told, [
    {name: 'x.jpg', reason: 'there already as 1.jpg, labelled dog'},
    {name: 'y.jpg', reason: 'there already as 2.jpg, labelled cat'},
    {name: 'zz.jpg', reason: 'the same picture as z.jpg'},
    {name: 'v.jpg', reason: 'the same picture as earlier.jpg'}]);
  assert.deepEqual(asked, [['POST', 'images/find', {hashes: ['a', 'b', 'c', 'c', 'd']}],
    ['PUT', 'images/label?key=images%2F2.jpg', {label: 'cat', expected: null}]]);
});

const entryOf = (fullPath, content) => typeof content === 'string'
  ? {isFile: true, fullPath, file: done => done(Object.assign(new Blob([content]), {name: fullPath.split('/').at(-1)}))}
  : {isDirectory: true, fullPath, createReader: () => {
    const lots = [Object.entries(content).map(([name, inside]) => entryOf(`${fullPath}/${name}`, inside)), []];
    return {readEntries: done => done(lots.shift())};
  }};
const drop = (...entries) => ({files: ['plain'], items: entries.map(entry => ({webkitGetAsEntry: () => entry}))});
const pathsOf = async dropped => (await filesOf(dropped)).map(pathOf);

test('a folder that is dropped gives its files with their paths, several folders are the classes', async () => {
  const cats = {'a.jpg': 'a', more: {'b.jpg': 'b'}};
  assert.deepEqual(await pathsOf(drop(entryOf('/pets', {cat: cats, 'c.jpg': 'c'}))), ['cat/a.jpg', 'cat/more/b.jpg', 'c.jpg']);
  assert.deepEqual(await pathsOf(drop(entryOf('/cat', cats), entryOf('/dog', {'d.jpg': 'd'}), entryOf('/e.jpg', 'e'))),
    ['cat/a.jpg', 'cat/more/b.jpg', 'dog/d.jpg', 'e.jpg']);
  assert.deepEqual(await filesOf(drop(entryOf('/e.jpg', 'e'))), ['plain']);
  assert.deepEqual(await filesOf({files: ['plain'], items: [{}]}), ['plain']);
});

test('where folders and the label that was typed disagree, or neither says one, it is asked for', async () => {
  const at = webkitRelativePath => ({webkitRelativePath, name: 'x.jpg'});
  const classes = [at('pets/dog/a.jpg'), at('pets/cat/b.jpg'), at('pets/c.jpg')];
  const asked = [];
  const answering = answer => async question => { asked.push(question); return answer; };
  assert.equal(await agreedLabel(classes, '', answering('none')), '');
  assert.equal(await agreedLabel([{name: 'a.jpg'}], 'bird', answering('none')), 'bird');
  assert.equal(await agreedLabel([{name: 'a.jpg'}], '', answering('none')), '');
  assert.deepEqual(asked, []);
  assert.equal(await agreedLabel(classes, 'bird', answering(true)), 'bird');
  assert.equal(await agreedLabel(classes, 'bird', answering(null)), null);
  assert.match(asked[0].text, /^The folders name 2 classes: cat, dog\./);
  assert.equal(await agreedLabel([at('tulip/a.jpg'), at('tulip/b.jpg')], '', answering('')), '');
  assert.equal(await agreedLabel([at('tulip/a.jpg')], '', answering('rose')), 'rose');
  assert.equal(asked.at(-1).value, 'tulip');
});

test('more pictures than are read in a day are asked about first', async t => {
  const asked = [];
  const consent = async question => { asked.push(question); return null; };
  const limited = {used: 20, limit: 25};
  t.mock.method(globalThis, 'fetch', async () => Response.json(limited));
  assert.equal(await mayAdd(5, consent), true);
  assert.deepEqual(asked, []);
  assert.equal(await mayAdd(6, consent), false);
  assert.equal(asked[0].title, 'Add 6 pictures?');
  assert.match(asked[0].text, /25 images are read, and 20 came in/);
  assert.equal(await mayAdd(6, async () => true), true);
  limited.limit = null;
  assert.equal(await mayAdd(1e6, consent), true);
});
