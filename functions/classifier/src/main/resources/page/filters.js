/* Buttons of which one is pressed, such as one for each class; where they are many, some are found by typing. */

import {h} from './dom.js';
import {matching} from './matching.js';
import {texts} from './texts.js';

const WITHOUT_FIELD = 20;

/** The bar; `show` puts buttons into it, each with its name as its first text. */
export function filterBar() {
  const field = h('input', {type: 'text', class: 'filter-field', placeholder: texts.queue.find, 'aria-label': texts.queue.find, autocomplete: 'off', hidden: true, oninput: apply});
  const bar = h('div', {class: 'filters', role: 'group', 'aria-label': texts.labels});
  const nameOf = button => button.firstChild.data;
  let before;

  function apply() {
    const all = [...bar.children];
    const found = new Set(matching(all.map(nameOf), field.value));
    for (const button of all) button.hidden = !found.has(nameOf(button));
  }

  /** Brings the pressed one into sight, unless it is the one of before and somebody scrolled on. */
  function scroll() {
    const pressed = bar.querySelector('[aria-pressed=true]');
    if (!pressed || nameOf(pressed) === before) return;
    before = nameOf(pressed);
    if (pressed.offsetLeft + pressed.offsetWidth > bar.offsetLeft + bar.clientWidth) bar.scrollLeft = pressed.offsetLeft - bar.offsetLeft - 40;
  }

  return {
    element: h('div', {class: 'stack filter-bar'}, field, bar),
    show(buttons) {
      bar.replaceChildren(...buttons);
      field.hidden = buttons.length <= WITHOUT_FIELD;
      if (field.hidden) field.value = '';
      apply();
      scroll();
    },
  };
}
