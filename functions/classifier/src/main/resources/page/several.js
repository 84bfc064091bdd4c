/* Predictions for several pictures: a table that fills itself, and the same as a file. */

import {api} from './api.js';
import {button, chip, h, scrollable} from './dom.js';
import {percent} from './format.js';
import {texts} from './texts.js';
import {forRequest} from './upload.js';

const AT_ONCE = 2;
const COLUMNS = ['file', 'label', 'probability', 'known', 'reason', 'error'];

/** A field of a CSV file. What a spreadsheet would take for a formula has an apostrophe in front. */
function field(value) {
  const text = String(value ?? '').replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as a CSV file (RFC 4180); a probability has six digits after the point. */
export const csv = rows => [COLUMNS, ...rows.map(({name, prediction, error}) => prediction
  ? [name, prediction.label, prediction.probabilities[0].probability.toFixed(6), prediction.known, prediction.reason, '']
  : [name, '', '', '', '', error?.message])].map(row => row.map(field).join(',') + '\r\n').join('');

/** Asks for each of them, some at a time; `each` is called with every row once it has its prediction or its error. */
export async function predictAll(rows, ask, each) {
  const open = [...rows];
  const worker = async () => {
    for (let row = open.shift(); row; row = open.shift()) {
      try {
        row.prediction = await ask(row);
      } catch (error) {
        row.error = error;
      }
      if (!each(row)) return;
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, worker));
}

const columns = () => [texts.several.picture, texts.several.file, texts.several.label, texts.several.probability, texts.several.note];

function download(rows) {
  const url = URL.createObjectURL(new Blob([csv(rows)], {type: 'text/csv'}));
  h('a', {href: url, download: 'predictions.csv'}).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function preview(file) {
  const url = URL.createObjectURL(file);
  const free = () => URL.revokeObjectURL(url);
  return h('img', {src: url, alt: '', onload: free, onerror: free});
}

/** The table for these files; `left` says whether nobody looks at it any more. */
export function severalView(files, path, left) {
  const rows = files.map(file => ({name: file.webkitRelativePath || file.name, file, cells: [h('td', {}, '…'), h('td', {}), h('td', {})]}));
  const progress = h('p', {class: 'muted', role: 'status'}, texts.several.progress(0, rows.length));
  const save = button(texts.several.download, () => download(rows), {disabled: true});
  let done = 0;

  function show({prediction, error, cells: [label, probability, known]}) {
    label.replaceChildren(prediction ? chip(prediction.label) : h('span', {class: 'bad'}, error.message));
    probability.replaceChildren(prediction ? percent(prediction.probabilities[0].probability) : '');
    known.replaceChildren(prediction && prediction.reason ? h('span', {class: 'muted small-text'}, prediction.reason) : '');
    progress.replaceChildren(texts.several.progress(++done, rows.length));
    save.disabled = done < rows.length;
    return !left();
  }

  const ask = async ({file}) => api('POST', path, await forRequest(file));
  predictAll(rows, ask, show);
  return h('section', {class: 'card', 'aria-label': texts.classify.region}, h('div', {class: 'between'}, progress, save),
    scrollable(texts.several.table, h('table', {class: 'several'},
      h('thead', {}, h('tr', {}, columns().map(text => h('th', {scope: 'col'}, text)))),
      h('tbody', {}, rows.map(({name, file, cells}) => h('tr', {}, h('td', {}, preview(file)), h('th', {scope: 'row', class: 'clip'}, name), cells))))));
}
