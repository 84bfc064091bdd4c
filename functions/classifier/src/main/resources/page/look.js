/* One image of the collection, large: what is known of it, who labelled it what, and what the head says. */

import {api, query} from './api.js';
import {bars, sureness, thumbs} from './classify.js';
import {complain, note} from './dialogs.js';
import {busy, button, chip, h, icon, problem} from './dom.js';
import {whyButton} from './explain.js';
import {forgetButton} from './forget.js';
import {fileName, when} from './format.js';
import {picture} from './picture.js';
import {texts} from './texts.js';

/** The label before the last decision, null for none; undefined if nobody decided and there is nothing to take back. */
export function labelBefore([now, before]) {
  if (before) return before.label;
  return ['CORRECTION', 'FILE'].includes(now.source) ? null : undefined;
}

/** A button on a small picture that shows it large; `changed` is called after its label was taken back. */
export function lookButton(image, changed = () => {}) {
  return h('button', {type: 'button', class: 'plain look', 'aria-label': texts.look.open(fileName(image.key)), onclick: event => {
    event.preventDefault();
    lookAt(image, changed);
  }}, icon('doctor'));
}

function lookAt({key, url}, changed) {
  const photo = picture({key, url}, {class: 'photo'});
  const about = h('p', {class: 'muted small-text'});
  const labels = h('div', {}, busy());
  const prediction = h('div', {}, busy());
  const receipt = h('div', {'aria-live': 'polite'});
  const dialog = h('dialog', {class: 'look-at', 'aria-label': fileName(key)},
    h('div', {class: 'between'}, h('h2', {class: 'clip', title: key}, fileName(key)),
      h('button', {type: 'button', class: 'plain', 'aria-label': texts.dismiss, onclick: () => dialog.close()}, icon('close'))),
    photo, h('p', {class: 'muted mono clip', title: key}, key), about, prediction, labels,
    h('div', {class: 'row end'}, forgetButton(key, receipt, changed)), receipt);
  dialog.addEventListener('close', () => dialog.remove());

  async function takeBack(all) {
    const before = labelBefore(all);
    try {
      await api('PUT', '/images/label' + query({key}), {label: before, expected: all[0].label});
      note(texts.look.takenBack(before));
      changed();
      await load();
    } catch (error) {
      complain(error);
    }
  }

  function row(change, i, all) {
    const last = i === 0 && labelBefore(all) !== undefined;
    return h('tr', {}, h('td', {}, change.label ? chip(change.label) : texts.unlabelled), h('td', {}, texts.look.by(change)), h('td', {}, when(change.time)),
      h('td', {}, last ? button(texts.decisions.takeBack, () => takeBack(all), {class: 'button small'}) : ''));
  }

  async function load() {
    try {
      const found = await api('GET', '/images/history' + query({key}));
      about.replaceChildren(texts.look.about(found.image, when(found.image.time)));
      labels.replaceChildren(found.labels.length ? h('table', {}, h('caption', {}, texts.look.labels), h('tbody', {}, found.labels.map(row))) : texts.unlabelled);
    } catch (error) {
      labels.replaceChildren(problem(error, load));
    }
  }

  async function predict() {
    try {
      const found = await api('POST', '/classify?top=3&evidence=true&keep=false', {key});
      const others = (found.evidence || []).filter(image => image.key !== key);
      prediction.replaceChildren(h('p', {class: 'muted'}, sureness(found)), bars(found.probabilities),
        whyButton(photo, () => api('POST', '/classify?top=3&explain=true&keep=false', {key})), thumbs(others));
    } catch (error) {
      prediction.replaceChildren(h('p', {class: 'muted'}, error.message));
    }
  }

  document.body.append(dialog);
  dialog.showModal();
  load();
  predict();
}
