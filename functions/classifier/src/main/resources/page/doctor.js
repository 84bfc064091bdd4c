/* Labels that the head doubts: it was sure of another class while it had not seen the image. */

import {api} from './api.js';
import {copiesSection} from './copies.js';
import {decisionsSection} from './decisions.js';
import {complain} from './dialogs.js';
import {busy, button, chip, empty, h, heading, problem} from './dom.js';
import {headInUse} from './heads.js';
import {lookButton} from './look.js';
import {thumbnail} from './picture.js';
import {texts} from './texts.js';
import {noteChanges} from './undo.js';

export function doctorView(page) {
  const body = h('div', {'aria-live': 'polite'});
  page.append(heading(texts.doctor.title, texts.doctor.lead), body, copiesSection(), decisionsSection(() => {
    page.replaceChildren();
    doctorView(page);
  }));

  async function settle(card, suspect, label) {
    try {
      const {undo} = await api('POST', '/labels', {keys: [suspect.key], label, expected: suspect.label});
      const next = card.nextElementSibling || card.previousElementSibling;
      card.remove();
      if (next) next.querySelector('button').focus();
      else load();
      noteChanges(label === suspect.label ? texts.doctor.kept(label) : texts.doctor.corrected(label), [undo], load);
    } catch (error) {
      complain(error);
    }
  }

  function done() {
    body.replaceChildren(empty(texts.doctor.empty, texts.doctor.emptyText));
  }

  function card(suspect) {
    const item = h('li', {class: 'card suspect'},
      thumbnail(suspect), lookButton(suspect, load),
      h('p', {}, texts.doctor.doubt(chip(suspect.label), chip(suspect.suggestion))),
      h('p', {class: 'muted mono clip', title: suspect.key}, suspect.key),
      h('div', {class: 'row'},
        button(texts.doctor.correct(suspect.suggestion), () => settle(item, suspect, suspect.suggestion), {class: 'button main small'}),
        button(texts.doctor.keep(suspect.label), () => settle(item, suspect, suspect.label), {class: 'button small'})));
    return item;
  }

  async function load() {
    body.replaceChildren(busy());
    try {
      if (!await headInUse(body, load)) return;
      const {images} = await api('GET', '/doctor');
      if (images.length) body.replaceChildren(h('ul', {class: 'suspects'}, images.map(card)));
      else done();
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  load();
}
