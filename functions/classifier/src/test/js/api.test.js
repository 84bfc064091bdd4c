import assert from 'node:assert/strict';
import {test} from 'node:test';
import {api, query} from '../../main/resources/page/api.js';

function respond(t, response) {
  return t.mock.method(globalThis, 'fetch', async () => response);
}

test('sends JSON as JSON and a picture as it is, to an address below the page', async t => {
  const {mock} = respond(t, Response.json({}));
  await api('POST', '/labels', {keys: ['a']});
  respond(t, Response.json({}));
  const [path, {method, body, headers}] = mock.calls[0].arguments;
  assert.deepEqual([path, method, body, headers['content-type']], ['labels', 'POST', '{"keys":["a"]}', 'application/json']);
  const picture = new Blob(['x']);
  const second = respond(t, Response.json({})).mock;
  await api('POST', '/classify', picture);
  assert.equal(second.calls[0].arguments[1].body, picture);
  assert.deepEqual(second.calls[0].arguments[1].headers, {accept: 'application/json'});
});

test('a response without content gives null', async t => {
  respond(t, new Response(null, {status: 204}));
  assert.equal(await api('DELETE', '/images'), null);
});

test('a refusal is told in the words of its problem document', async t => {
  respond(t, Response.json({title: 'Unreadable image', detail: 'It is no JPEG.'}, {status: 422}));
  await assert.rejects(api('POST', '/classify'), {title: 'Unreadable image', message: 'It is no JPEG.', status: 422});
});

test('a refusal without a document says what to do', async t => {
  respond(t, new Response('<html>', {status: 502}));
  await assert.rejects(api('GET', '/heads'), {status: 502, message: /status 502\. Try again/});
  respond(t, new Response('', {status: 401}));
  await assert.rejects(api('GET', '/heads'), {status: 401, message: /Sign in again/});
});

test('no response at all says so', async t => {
  t.mock.method(globalThis, 'fetch', async () => { throw new TypeError('Failed to fetch'); });
  await assert.rejects(api('GET', '/heads'), {title: 'No response', status: 0});
});

test('too many requests, and a store that does not respond, are tried again', async t => {
  const responses = [new Response('{"message":"Too Many Requests"}', {status: 429}),
    Response.json({title: 'Store unavailable', detail: 'try again'}, {status: 503, headers: {'retry-after': '2'}}), Response.json({images: 3})];
  t.mock.method(globalThis, 'fetch', async () => responses.shift());
  assert.deepEqual(await api('GET', '/status', undefined, [0.001, 0.001]), {images: 3});
  assert.equal(responses.length, 0);
});

test('what will not pass is told at once, and the rest in the end', async t => {
  respond(t, Response.json({title: 'No head yet', detail: 'Train one.'}, {status: 503}));
  await assert.rejects(api('GET', '/queue'), {title: 'No head yet', status: 503});
  respond(t, new Response('', {status: 429}));
  await assert.rejects(api('GET', '/status', undefined, []), {status: 429});
});

test('keys are escaped in addresses', () => {
  assert.equal(query({key: 'images/a b&c+d#.jpg'}), '?key=images%2Fa+b%26c%2Bd%23.jpg');
});
