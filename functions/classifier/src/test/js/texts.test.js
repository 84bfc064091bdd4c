import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import {advice, sureness, warning} from '../../main/resources/page/classify.js';
import {texts} from '../../main/resources/page/texts.js';

const folder = new URL('../../main/resources/page/', import.meta.url);
const modules = readdirSync(folder).filter(name => name.endsWith('.js')).map(name => [name, readFileSync(new URL(name, folder), 'utf8')]);

/** Names of keys on the keyboard, of folders and of outcomes of the API are no texts, and neither are the programs of snippets.js. */
const NAMES = ['ArrowDown', 'Enter', 'Escape', 'Space', 'Trained', 'system volume information'];

/** The texts in a source: strings that begin with a capital and a small letter, or hold words with spaces between. */
function sentences(source) {
  return [...source.replaceAll(/\/\*[^]*?\*\/|\/\/.*|^import .*|class: '.*?'/gm, '').matchAll(/(['`])([A-Z][a-z].*?|[a-z]+ [a-z]+ [a-z].*?)\1/g)]
    .map(found => found[2]).filter(text => !NAMES.includes(text));
}

test('no other module holds a text', () => {
  assert.deepEqual(sentences("note('Label taken back'); h('p', {class: 'button main small'}, `${n} left`, 'on average over all')"), ['Label taken back', 'on average over all']);
  for (const [name, source] of modules) if (!['texts.js', 'snippets.js'].includes(name)) assert.deepEqual(sentences(source), [], name);
});

test('every text is used, and none is missing', () => {
  const paths = (table, before) => Object.entries(table).flatMap(([name, text]) =>
    typeof text === 'object' && name !== 'views' ? paths(text, `${before}.${name}`) : [`${before}.${name}`]);
  const used = new Set(modules.flatMap(([, source]) => source.replaceAll(/^import .*/gm, '').match(/\btexts(\.\w+)+/g) || []));
  assert.deepEqual([...used].sort(), paths(texts, 'texts').sort());
});

test('a sentence keeps elements as they are', () => {
  const [a, b] = [{}, {}];
  const pieces = texts.doctor.doubt(a, b);
  assert.ok(pieces.includes(a) && pieces.includes(b));
});

test('one is told apart from several', () => {
  assert.equal(texts.images.labelled(1, 'gear'), '1 image labelled gear');
  assert.equal(texts.images.missing(2), '2 images are not there any more');
  assert.equal(texts.add.done(1, 0), '1 picture added.');
  assert.equal(texts.add.done(1200, 3), '1,200 pictures added. 3 are still being read.');
});

test('a prediction says how sure it is', () => {
  const words = (known, probability) => sureness({known, probabilities: [{probability}]});
  assert.deepEqual([words(true, 0.95), words(true, 0.6), words(true, 0.59), words(false, 0.99)],
    ['Quite sure', 'Probably', 'Not sure, most likely', 'If it had to be one of my classes']);
  assert.equal(words(null, 0.99), 'Probably', 'too few images to be sure');
});

test('a class that is being taught is named instead of another', () => {
  assert.equal(warning({known: false, notLearned: 'sunflower'}), 'Looks like your sunflower, not learned yet');
  assert.deepEqual([warning({known: false, notLearned: null}), warning({known: null}), warning({known: true})],
    ['Unlike anything I know', '', '']);
});

test('a prediction that is for a person says so', () => {
  const reason = 'cat has the probability 0.500, and its threshold is 0.900';
  const say = (known, action, label) => advice({known, labels: ['cat'], verdict: {action, label, reason}});
  assert.equal(say(true, 'label', 'cat'), '');
  assert.equal(say(true, 'review', 'cat'), `Have a person look: ${reason}.`);
  assert.match(say(true, 'label', 'dog'), /dog is the better answer/);
  assert.equal(say(false, 'unknown', 'cat'), '');
});
