/* Who labelled what lately, and taking it back: a slip of many images, a wrong label file, a visitor who meant harm. */

import {api, query} from './api.js';
import {ask, complain, note} from './dialogs.js';
import {button, h} from './dom.js';
import {when} from './format.js';
import {texts} from './texts.js';

const DAYS = 7;

/** One row for each caller or label file, the most images first; `next` of each step says from when to go on. */
export async function decisionsSince(since, step = from => api('GET', '/labels/decisions' + query({since: from}))) {
  const rows = new Map();
  for (let from = since; from;) {
    const {decisions, next} = await step(from);
    for (const row of decisions) {
      const known = rows.get(row.source + row.by);
      if (!known) rows.set(row.source + row.by, row);
      else Object.assign(known, {
        images: known.images + row.images,
        first: known.first < row.first ? known.first : row.first,
        last: known.last > row.last ? known.last : row.last,
      });
    }
    from = next;
  }
  return [...rows.values()].sort((a, b) => b.images - a.images);
}

/** Takes back what one of them decided, in as many steps as it needs; gives how many images changed. */
export async function takeBack({by}, since, step = body => api('POST', '/labels/undo', body)) {
  const until = new Date().toISOString();
  let images = 0;
  for (let from = since; from;) {
    const {changed, next} = await step({by, since, until, from});
    images += changed;
    from = next;
  }
  return images;
}

/** The section of a view; `changed` is called after something was taken back. */
export function decisionsSection(changed) {
  const since = new Date(Date.now() - DAYS * 24 * 3600 * 1000).toISOString();
  const section = h('section', {class: 'card', hidden: true});

  async function undo(row) {
    const yes = await ask({title: texts.decisions.confirm(row.images), text: texts.decisions.confirmText, action: texts.decisions.takeBack});
    if (!yes) return;
    try {
      note(texts.decisions.takenBack(await takeBack(row, since)));
      changed();
    } catch (error) {
      complain(error);
    }
  }

  async function load() {
    try {
      const rows = await decisionsSince(since);
      const columns = [texts.decisions.who, texts.decisions.images, texts.decisions.first, texts.decisions.last];
      section.hidden = rows.length === 0;
      section.replaceChildren(h('h2', {}, texts.decisions.title(DAYS)),
        h('table', {}, h('thead', {}, h('tr', {}, columns.map(column => h('th', {scope: 'col'}, column)), h('td', {}))),
          h('tbody', {}, rows.map(row => h('tr', {},
            h('th', {scope: 'row'}, row.by || texts.decisions.nobody),
            h('td', {}, String(row.images)), h('td', {}, when(row.first)), h('td', {}, when(row.last)),
            h('td', {}, button(texts.decisions.takeBack, () => undo(row), {class: 'button small', 'aria-label': texts.decisions.takeBackOf(row.by || texts.decisions.nobody)})))))));
    } catch (error) {
      complain(error);
    }
  }
  load();
  return section;
}
