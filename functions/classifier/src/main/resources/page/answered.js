/* Accuracy against the share of pictures that get an answer, and thresholds for a wished precision. */

import {api} from './api.js';
import {complain, note} from './dialogs.js';
import {button, h, scrollable} from './dom.js';
import {percent} from './format.js';
import {texts} from './texts.js';

const SPACE = 'http://www.w3.org/2000/svg';
const ALWAYS_LOOK = 1; // a threshold that has a person look at each

/** An element of an SVG. */
export function shape(name, attributes) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The line of the curve in a box of 200 x 100, from the lowest accuracy, at most 90 %, up to 100 %. */
export function line(curve) {
  const from = Math.min(0.9, ...curve.map(({accuracy}) => accuracy));
  return curve.map(({share, accuracy}) => `${(200 * share).toFixed(1)},${(100 * (1 - accuracy) / (1 - from)).toFixed(1)}`).join(' ');
}

/** The thresholds of the classes for a precision; where none reaches it a person looks at each. */
export const thresholdsFor = (classes, precision) => Object.fromEntries(classes.map(({label, cuts}) =>
  [label, cuts.find(cut => cut.precision === precision)?.threshold ?? ALWAYS_LOOK]));

/** A section of the report; nothing where the head does not say. */
export function answeredSection(selective) {
  if (!selective?.curve.length) return null;
  const {curve, classes} = selective;
  const precisions = classes[0].cuts.map(cut => cut.precision);
  const chart = shape('svg', {viewBox: '-2 -4 204 108', class: 'answered', role: 'img', 'aria-label': texts.answered.title});
  chart.append(shape('path', {d: 'M0 0V100H200', class: 'axis'}), shape('polyline', {points: line(curve)}));

  async function apply(precision) {
    try {
      const {costs, review} = await api('GET', '/settings');
      await api('PUT', '/settings', {thresholds: thresholdsFor(classes, precision), costs, review});
      note(texts.answered.applied(precision));
    } catch (error) {
      complain(error);
    }
  }

  const cell = ({threshold, share}) => h('td', {}, threshold === null ? '–' : texts.answered.cut(percent(threshold), percent(share)));
  return h('details', {class: 'card'}, h('summary', {}, texts.answered.title),
    h('p', {class: 'muted small-text'}, texts.answered.lead), chart,
    h('p', {class: 'muted small-text'}, texts.answered.thresholds),
    scrollable(texts.answered.title, h('table', {},
      h('thead', {}, h('tr', {}, h('td', {}), precisions.map(p => h('th', {scope: 'col'}, texts.answered.right(p))))),
      h('tbody', {}, classes.map(({label, cuts}) => h('tr', {}, h('th', {scope: 'row'}, label), cuts.map(cell)))),
      h('tfoot', {}, h('tr', {}, h('td', {}), precisions.map(p => h('td', {}, button(texts.answered.apply, () => apply(p), {class: 'button small', 'aria-label': texts.answered.applyFor(p)}))))))));
}
