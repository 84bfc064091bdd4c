/* Choosing one of the classes: all are shown while they are few, and many are found by typing. */

import {h, kbd} from './dom.js';
import {matching} from './matching.js';
import {texts} from './texts.js';

const ALL_AT_ONCE = 20; // classes that are shown all at once
const MOST_FOUND = 24;

/** Classes with a number key. */
export const NUMBERED = 9;

export const areMany = classes => classes.length > ALL_AT_ONCE;

/** The classes that are offered; of many, while nothing is typed, those with a number key and those that `always` has. */
export function offered(classes, typed, always) {
  if (!areMany(classes)) return classes;
  if (typed.trim()) return matching(classes, typed).slice(0, MOST_FOUND);
  return classes.filter((label, i) => i < NUMBERED || always.has(label));
}

/**
 * A field over the buttons in `choices`. `changed` is called when something else is typed, `accept` when Enter is pressed
 * and nothing is. Arrow keys go through the buttons, with the field or without.
 */
export function finder({choices, changed, accept}) {
  const input = h('input', {type: 'text', id: 'find-class', autocomplete: 'off', 'aria-describedby': 'found-classes', oninput: changed, onkeydown: key});
  const told = h('span', {class: 'muted small-text', id: 'found-classes', role: 'status'});
  const element = h('div', {class: 'field', hidden: true},
    h('div', {class: 'between'}, h('label', {for: 'find-class'}, texts.queue.find, ' ', kbd('/')), told), input);
  const buttons = () => [...choices.querySelectorAll('button')];

  function key(event) {
    const {value} = input;
    if (event.key === 'Enter') value.trim() ? buttons()[0].click() : accept();
    else if (event.key === 'ArrowDown') buttons()[0]?.focus();
    else if (event.key === 'Escape') value ? clear() : input.blur();
    else if (!value && /^[1-9]$/.test(event.key)) buttons()[event.key - 1]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function clear() {
    input.value = '';
    changed();
  }

  choices.addEventListener('keydown', event => {
    const all = buttons();
    const at = all.indexOf(event.target);
    const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    const next = all[at + step] || (step < 0 && !element.hidden ? input : null);
    next?.focus();
  });

  return {
    element,
    typed: () => input.value,
    focus: () => input.focus(),
    isFocused: () => document.activeElement === input,
    clear: () => { input.value = ''; },
    /** Says how many of the classes are shown; the field is there where these are not all that there are. */
    tell(shown, classes) {
      element.hidden = !areMany(classes);
      told.textContent = texts.queue.shown(shown, classes.length);
    },
  };
}
