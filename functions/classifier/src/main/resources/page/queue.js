/* Unlabelled images, most useful first; one key press labels one and its look-alikes. */

import {api} from './api.js';
import {finder, NUMBERED, offered} from './choices.js';
import {ask, complain, note} from './dialogs.js';
import {busy, button, empty, h, heading, kbd, problem} from './dom.js';
import {percent} from './format.js';
import {findHead} from './heads.js';
import {labels} from './labels.js';
import {nameButtons} from './names.js';
import {picture, thumbnail} from './picture.js';
import {checklist} from './start.js';
import {texts} from './texts.js';
import {backThen, remember} from './undo.js';

export function queueView(page) {
  let head; // undefined while there is none: then nothing is suggested
  let images = [];
  let classes = [];
  let unlabelled = 0;
  let several = false; // labels an image: a choice is pressed in or out, then all are kept
  let pressed = new Set();
  let last = null;
  let working = false;
  const body = h('div', {});
  const choices = h('div', {class: 'choices', role: 'group', 'aria-label': texts.labels});
  const find = finder({choices, changed: drawChoices, accept});
  const current = () => images[0];

  async function load() {
    body.replaceChildren(busy());
    try {
      let queue, found;
      [head, queue, found] = await Promise.all([findHead(), api('GET', '/queue?limit=20'), labels()]);
      several = head?.activation === 'sigmoid';
      images = queue.images;
      classes = several ? head.classes : found.labels.map(({label}) => label);
      unlabelled = found.unlabelled;
      next();
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }

  /** A class keeps its number whatever is suggested, so that fingers learn it. */
  function choice(label) {
    const i = classes.indexOf(label);
    const on = several ? pressed.has(label) : label === current().suggestion;
    return h('button', {type: 'button', class: on ? 'button main' : 'button', 'aria-pressed': several ? on : null, onclick: () => choose(label)},
      i < NUMBERED ? kbd(i + 1) : null, h('span', {title: label}, label), on && !several ? h('span', {class: 'aside'}, percent(current().probability)) : null);
  }

  function choose(label) {
    if (!several) return give(label);
    if (!pressed.delete(label)) pressed.add(label);
    const typing = find.isFocused();
    find.clear();
    drawChoices();
    if (typing) find.focus();
    else [...choices.children].find(one => one.querySelector('span')?.title === label)?.focus();
  }

  function accept() {
    if (!several && current().suggestion) return give(current().suggestion);
    if (pressed.size) return give([...pressed].sort().join('+'));
    note(texts.queue.chooseOne, {bad: true});
  }

  function next() {
    pressed = new Set(current()?.suggestion?.split('+'));
    draw();
  }

  /** What matches, and where no class is named so, a new label. */
  function drawChoices() {
    const typed = find.typed().trim();
    const shown = offered(classes, typed, new Set([current().suggestion, ...pressed]));
    choices.replaceChildren(...shown.map(choice));
    if (typed && !classes.includes(typed)) choices.append(button(texts.queue.create(typed), () => add(typed)));
    find.tell(shown.length, classes);
  }

  function tool(key, text, onclick, more = '') {
    return h('button', {type: 'button', class: 'button small' + more, onclick}, kbd(key), text);
  }

  function draw() {
    const image = current();
    if (!image && !head) {
      body.replaceChildren(checklist(load));
      return;
    }
    if (!image) {
      body.replaceChildren(empty(texts.queue.empty, texts.queue.emptyText, button(texts.queue.lookAgain, load)));
      return;
    }
    if (!several && image.suggestion && !classes.includes(image.suggestion)) classes.push(image.suggestion);
    const typing = find.isFocused();
    find.clear();
    drawChoices();
    body.replaceChildren(head ? '' : h('p', {class: 'muted'}, texts.queue.withoutHead), h('div', {class: 'review'},
      h('div', {}, picture(image, {class: 'photo'}),
        h('p', {class: 'muted small-text between'}, h('span', {class: 'mono'}, image.key), h('span', {}, texts.queue.left(unlabelled)))),
      h('div', {class: 'card'},
        h('h2', {}, texts.queue.question),
        image.unknown ? h('p', {class: 'muted small-text'}, texts.queue.unlike) : null,
        find.element, choices,
        nameButtons(image.names.filter(({name}) => !classes.includes(name)), add),
        h('div', {class: 'row'}, several ? tool('\u23ce', texts.queue.keep, accept) : null, tool('0', texts.noneOfThese, () => give(texts.noneLabel), current().unknown ? ' main' : ''), tool('N', texts.queue.other, other), tool('S', texts.queue.skip, skip), last ? tool('U', texts.undo, undo) : null),
        image.alike.length ? h('fieldset', {class: 'alike'},
          h('legend', {}, texts.queue.alike),
          h('div', {class: 'tiles'}, image.alike.map(other =>
            h('label', {class: 'tile'}, h('input', {type: 'checkbox', checked: true, value: other.key}), thumbnail(other))))) : null)));
    if (typing) find.focus();
  }

  async function give(label) {
    if (working) return;
    working = true;
    const keys = [current().key, ...[...body.querySelectorAll('.alike input:checked')].map(box => box.value)];
    try {
      const {conflicts, undo: change} = await api('POST', '/labels', {keys, label, expected: null});
      const others = new Set(conflicts.map(({key}) => key));
      const given = keys.filter(key => !others.has(key)).length;
      last = change ? remember(() => backThen([change], () => { last = null; return load(); })) : null;
      unlabelled -= keys.length;
      images = images.filter(({key}) => !keys.includes(key));
      images.forEach(image => { image.alike = image.alike.filter(({key}) => !keys.includes(key)); });
      note(texts.queue.labelled(given, label) + (others.size ? texts.queue.conflicts(others.size) : ''));
      if (!several && label !== texts.noneLabel && !classes.includes(label)) classes.push(label);
      if (images.length) next(); else await load();
    } catch (error) {
      complain(error);
      if (error.status === 409) await load();
    } finally {
      working = false;
    }
  }

  function undo() {
    if (last && !working) last();
  }

  function skip() {
    images.push(images.shift());
    next();
  }

  async function other() {
    const label = await ask({title: texts.queue.other, label: texts.queue.name, action: texts.queue.label});
    if (label) add(label);
  }

  /** Chooses a label that may be new. */
  function add(label) {
    if (several && !classes.includes(label)) classes.push(label);
    choose(label);
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !current() || document.querySelector('dialog')) return;
    if (event.target.matches('input[type=text]')) return;
    if (event.key === '0') give(texts.noneLabel);
    else if (/^[1-9]$/.test(event.key) && classes[event.key - 1]) choose(classes[event.key - 1]);
    else if (event.key === 'Enter' && !event.target.closest(several ? 'a, button:not(.choices button), input' : 'a, button, input')) { event.preventDefault(); accept(); }
    else if (event.key === '/') { event.preventDefault(); find.focus(); }
    else if (event.key === 's') skip();
    else if (event.key === 'u') undo();
    else if (event.key === 'n') { event.preventDefault(); other(); }
  }

  document.addEventListener('keydown', key);
  page.append(heading(texts.queue.title, [texts.queue.lead, h('span', {class: 'keys'}, texts.queue.keys(kbd('Enter'), kbd('1'), kbd('9')))]), body);
  load();
  return () => document.removeEventListener('keydown', key);
}
