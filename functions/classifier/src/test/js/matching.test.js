import assert from 'node:assert/strict';
import {test} from 'node:test';
import {offered} from '../../main/resources/page/choices.js';
import {matching} from '../../main/resources/page/matching.js';

const names = ['Löwenzahn (Taraxacum officinale)', 'bobcat', 'cat', 'house cat', 'red_fox'];

test('a few letters find a name, whole words first', () => {
  assert.deepEqual(matching(names, 'cat'), ['cat', 'house cat', 'bobcat']);
  assert.deepEqual(matching(names, 'x'), ['Löwenzahn (Taraxacum officinale)', 'red_fox']);
  assert.deepEqual(matching(names, 'zebra'), []);
});

test('case, accents and signs make no difference', () => {
  assert.deepEqual(matching(names, 'LOWEN'), [names[0]]);
  assert.deepEqual(matching(names, '(tarax'), [names[0]]);
  assert.deepEqual(matching(names, 'red fox'), ['red_fox']);
});

test('nothing typed finds all', () => {
  assert.deepEqual(matching(names, ' '), names);
});

test('of many classes those with a number key and the suggestion are offered, or what is typed', () => {
  const many = Array.from({length: 500}, (_, i) => `class ${i}`);
  assert.deepEqual(offered(names, 'zebra', new Set()), names, 'few are always all there');
  assert.deepEqual(offered(many, '', new Set(['class 77'])), [...many.slice(0, 9), 'class 77']);
  assert.deepEqual(offered(many, '42', new Set(['class 77'])).slice(0, 2), ['class 42', 'class 420']);
  assert.equal(offered(many, 'class', new Set()).length, 24);
});
