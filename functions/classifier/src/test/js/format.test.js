import assert from 'node:assert/strict';
import {test} from 'node:test';
import {count, fileName, fileSize, hue, setHues, number, percent, when} from '../../main/resources/page/format.js';

test('a share that is rounded to nothing or to all says so', () => {
  assert.deepEqual([0, 0.004, 0.005, 0.5, 0.994, 0.996, 1].map(value => percent(value)), ['0 %', '<1 %', '<1 %', '50 %', '>99 %', '>99 %', '100 %']);
  assert.equal(percent(0.9876, 1), '98.8 %');
});

test('one of something is told apart from several', () => {
  assert.equal(count(1, 'class', 'classes'), '1 class');
  assert.equal(count(0, 'image'), '0 images');
  assert.equal(count(12345, 'image'), '12,345 images');
  assert.equal(number(1234567), '1,234,567');
});

test('a time that is none is empty', () => {
  assert.equal(when('yesterday'), '');
  assert.match(when('2026-11-28T09:30:00Z'), /Nov 2026/);
});

test('a file is named by the last part of its key', () => {
  assert.equal(fileName('images/gear/a b.jpg'), 'a b.jpg');
  assert.equal(fileName('a.jpg'), 'a.jpg');
});

test('a label keeps its colour, and similar labels do not share theirs', () => {
  assert.equal(hue('gear'), hue('gear'));
  const hues = ['class 1', 'class 2', 'class 3', '', '\u00e4', '\u{1f33b}'].map(hue);
  assert.ok(hues.every(value => value >= 0 && value <= 360), String(hues));
  assert.equal(new Set(hues).size, hues.length);
});

test('few classes have colours that the eye tells apart, beside those that somebody chose', () => {
  const samples = ['bolt', 'gear', 'key', 'nut', 'screwdriver', 'spring', 'washer'];
  for (const labels of [samples, samples.slice(2), ['a'], [...samples].reverse(), Array.from({length: 30}, (_, i) => `class ${i}`)]) {
    setHues([{label: labels[0], hue: 175}], labels);
    const all = labels.map(hue);
    assert.equal(all[0], 175);
    const gap = Math.min(24, 180 / labels.length);
    all.forEach((one, i) => all.slice(i + 1).forEach(other => assert.ok(Math.min(Math.abs(one - other), 360 - Math.abs(one - other)) >= gap - 1, String(all))));
  }
  const before = hue('class 7');
  setHues([], Array.from({length: 500}, (_, i) => `class ${i}`));
  assert.ok(before >= 0 && hue('class 7') >= 0);
  setHues([]);
});

test('a file has a size', () => {
  assert.deepEqual([0, 1, 4_200, 999_950, 48e6, 3.21e9].map(fileSize), ['0 KB', '0.1 KB', '4.2 KB', '1,000 KB', '48 MB', '3.3 GB']);
});
