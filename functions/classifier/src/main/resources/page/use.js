/* How programs classify, and people who should do nothing else. */

import {api} from './api.js';
import {ask, complain, note} from './dialogs.js';
import {button, h, heading, problem, scrollable} from './dom.js';
import {exportsCard} from './exports.js';
import {when} from './format.js';
import {snippets} from './snippets.js';
import {texts} from './texts.js';

const DAILY = 500; // offered

const place = () => ({url: location.href.replace(/[?#].*/, ''), login: document.documentElement.dataset.loginDomain});

/** A text to copy, such as a link or lines of a program. */
function copyable(text) {
  const lines = h('pre', {tabIndex: 0}, h('code', {}, text));
  const copy = button(texts.use.copy, async () => {
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = texts.use.copied;
    } catch { // by plain http there is no clipboard
      getSelection().selectAllChildren(lines);
      copy.textContent = texts.use.selected;
    }
  }, {class: 'button small'});
  return h('div', {class: 'copyable'}, lines, copy);
}

function programs() {
  return h('section', {class: 'card'}, h('h2', {}, texts.use.programs),
    Object.entries(snippets(place())).map(([name, text], i) =>
      h('details', {open: i === 0}, h('summary', {}, name), copyable(text))),
    h('p', {class: 'muted'}, texts.use.api(h('a', {href: 'openapi.json'}, 'openapi.json'))));
}

export function useView(page) {
  const table = h('div', {});
  const made = h('div', {'aria-live': 'polite'});
  const name = h('input', {type: 'text', id: 'share-name', required: true, maxLength: 128, autocomplete: 'off'});
  const daily = h('input', {type: 'number', id: 'share-daily', required: true, min: 1, max: 100000, value: DAILY});

  async function load() {
    try {
      const {shares} = await api('GET', '/shares');
      table.replaceChildren(shares.length ? scrollable(texts.use.links, h('table', {},
        h('thead', {}, h('tr', {}, texts.use.columns().map(column => h('th', {scope: 'col'}, column)), h('td', {}))),
        h('tbody', {}, shares.map(share => h('tr', {},
          h('th', {scope: 'row'}, share.name), h('td', {}, share.by || texts.decisions.nobody), h('td', {}, when(share.created)), h('td', {}, texts.use.used(share)),
          h('td', {}, button(texts.use.withdraw, () => withdraw(share), {class: 'button small', 'aria-label': texts.use.withdrawThis(share.name)})))))))
        : '');
    } catch (error) {
      table.replaceChildren(problem(error, load));
    }
  }

  async function withdraw(share) {
    if (!await ask({title: texts.use.surely(share.name), text: texts.use.surelyText, action: texts.use.withdraw})) return;
    try {
      await api('DELETE', '/shares/' + share.id);
      note(texts.use.withdrawn(share.name));
    } catch (error) {
      complain(error);
    }
    load();
  }

  async function make(event) {
    event.preventDefault();
    try {
      const {token} = await api('POST', '/shares', {name: name.value.trim(), daily: Number(daily.value)});
      made.replaceChildren(h('p', {}, texts.use.made), copyable(place().url + '#share=' + token));
      name.value = '';
      load();
    } catch (error) {
      complain(error);
    }
  }

  page.append(heading(texts.use.title, texts.use.lead), h('div', {class: 'stack'}, programs(),
    h('section', {class: 'card'}, h('h2', {}, texts.use.links), h('p', {class: 'muted'}, texts.use.linksLead),
      h('form', {class: 'row', onsubmit: make},
        h('div', {class: 'field'}, h('label', {for: 'share-name'}, texts.use.name), name),
        h('div', {class: 'field'}, h('label', {for: 'share-daily'}, texts.use.daily), daily),
        h('button', {class: 'button main'}, texts.use.make)),
      made, table),
    exportsCard()));
  load();
}
