import assert from 'node:assert/strict';
import {test} from 'node:test';
import {leftOut, missing} from '../../main/resources/page/start.js';
import {isLive, sayTraining, stagesDone} from '../../main/resources/page/train.js';

const found = (counts, unlabelled = 0) => ({labels: Object.entries(counts).map(([label, images]) => ({label, images})), unlabelled, least: 2, enough: 5});

test('says in a sentence what is missing', () => {
  assert.match(missing(found({})), /pictures of at least two classes, 2 of each/);
  assert.match(missing(found({}, 7)), /labels\. 7 pictures have none/);
  assert.equal(missing(found({cat: 3})), 'What is missing: another class with at least 2 pictures.');
  assert.equal(missing(found({cat: 1})), 'What is missing: 1 more picture of cat and another class with at least 2 pictures.');
  assert.equal(missing(found({cat: 3, dog: 1})), 'What is missing: 1 more picture of dog.');
  assert.equal(missing(found({ant: 1, cat: 1, dog: 1})), 'What is missing: 1 more picture of ant and 1 more picture of cat.');
  assert.equal(missing(found({cat: 2, dog: 2, fish: 1})), '');
});

test('names the classes that would be left out', () => {
  assert.equal(leftOut(found({cat: 2, dog: 2, fish: 1})), 'Left out, with fewer than 2 pictures: fish.');
  assert.equal(leftOut(found({cat: 2, dog: 2})), '');
});

test('tells how far a training is and how it ended', () => {
  assert.deepEqual([undefined, {state: 'ended'}, {state: 'queued'}, {state: 'running'}].map(isLive), [false, false, true, true]);
  assert.deepEqual([{state: 'queued'}, {state: 'running'}, {state: 'running', stage: 'reading'}, {state: 'running', stage: 'head'}].map(stagesDone), [0, 1, 2, 6]);
  assert.equal(sayTraining(undefined), '');
  assert.match(sayTraining({state: 'running', stage: 'validation'}), /held back/);
  assert.equal(sayTraining({state: 'ended', outcome: 'NotEnoughData', reason: 'expected two classes'}), 'Not trained: expected two classes');
  assert.match(sayTraining({state: 'ended', outcome: 'Kept', version: 'v2', reason: 'it is worse'}), /v2 was trained and is not in use: it is worse/);
});
