/* What kept answers look like by day beside the training data, and what changed since when. */

import {api} from './api.js';
import {busy, h, problem, scrollable} from './dom.js';
import {hue, number, percent} from './format.js';
import {texts} from './texts.js';

/** The classes of a mix with their parts of a bar, the most frequent first; of several labels an image they add up to one bar, too. */
export function mixParts(classes) {
  const all = Object.values(classes).reduce((sum, share) => sum + share, 0);
  return Object.entries(classes).sort(([, a], [, b]) => b - a).map(([label, share]) => ({label, share, part: share / all}));
}

/** A bar of the class mix. */
function mixBar(classes) {
  const all = mixParts(classes);
  const told = texts.drift.mix(all.slice(0, 5).map(({label, share}) => `${label} ${percent(share)}`), all.length > 5);
  return h('span', {class: 'mix', role: 'img', 'aria-label': told, title: told}, all.map(({label, part}) => h('i', {'data-class': label, style: {'--part': 100 * part + '%', '--hue': hue(label)}})));
}

const shareCell = value => value === null || value === undefined ? '–' : percent(value);
const distanceCell = value => value === null || value === undefined ? '–' : value.toFixed(2);

function dayRow(name, first, {classes, confidence, unknown, featureDistance}, wrong, marked = false) {
  return h('tr', marked ? {class: 'changed'} : {}, h('th', {scope: 'row'}, name), [first, mixBar(classes), shareCell(confidence), shareCell(unknown), distanceCell(featureDistance), wrong].map(cell => h('td', {}, cell)));
}

function daysTable({training, days, changedOn}) {
  return scrollable(texts.drift.title, h('table', {class: 'days'},
    h('thead', {}, h('tr', {}, [texts.drift.day, texts.drift.answers, texts.drift.classes, texts.drift.confidence, texts.drift.unknown, texts.drift.distance, texts.drift.wrong]
      .map(name => h('th', {scope: 'col'}, name)))),
    h('tbody', {},
      training && dayRow(texts.drift.training, number(training.images), training, percent(training.wrong)),
      days.filter(({read}) => read).reverse().map(day => dayRow(day.day, number(day.answers), day, day.told ? texts.drift.told(day.toldWrong, day.told) : '–', day.day === changedOn)))));
}

/** A section of the report, read when it is opened; nothing where answers are not kept. */
export function driftSection({days}) {
  if (!days) return null;
  const place = h('div', {class: 'stack', 'aria-live': 'polite'});
  let asked = false;

  async function load() {
    place.replaceChildren(busy());
    try {
      const drift = await api('GET', `/drift?days=${Math.min(days + 1, 30)}`);
      place.replaceChildren(h('p', {class: 'finding'}, drift.finding), h('p', {class: 'muted small-text'}, texts.drift.hint(drift.mostRead)), daysTable(drift));
    } catch (error) {
      place.replaceChildren(problem(error, load));
    }
  }
  return h('details', {class: 'card drift', ontoggle: ({target}) => {
    if (!target.open || asked) return;
    asked = true;
    load();
  }}, h('summary', {}, texts.drift.title), place);
}
