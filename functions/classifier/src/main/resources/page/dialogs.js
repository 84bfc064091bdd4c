/* What the page says and asks on top of a view. */

import {$, button, h, icon, labelInput} from './dom.js';
import {texts} from './texts.js';

/** A short message at the foot of the page, read out too; an action may undo what it tells. */
export function note(text, {bad = false, action, onaction} = {}) {
  const box = h('div', {class: bad ? 'note bad' : 'note'}, h('span', {}, text));
  const close = () => box.remove();
  if (action) box.append(button(action, () => { close(); onaction(); }, {class: 'button small'}));
  box.append(h('button', {type: 'button', class: 'plain', 'aria-label': texts.dismiss, onclick: close}, icon('close')));
  $('#notes').replaceChildren(box);
  if (!bad) setTimeout(close, action ? 12000 : 6000);
}

/** What a failure says, as a message. */
export const complain = error => note(error.message, {bad: true});

/** Asks for a text, or only for consent if `label` is missing; gives null when cancelled, and false where there is an `other` way that was taken. */
export function ask({title, text, label, value = '', required = true, action, other}) {
  return new Promise(done => {
    const input = label ? labelInput('asked', {value, required}) : null;
    const dialog = h('dialog', {'aria-label': title},
      h('form', {method: 'dialog'},
        h('h2', {}, title), text ? h('p', {class: 'muted'}, text) : null,
        input ? h('div', {class: 'field'}, h('label', {for: 'asked'}, label), input) : null,
        h('div', {class: 'row end'},
          button(texts.cancel, () => dialog.close('')),
          other ? button(other, () => dialog.close('other')) : null,
          h('button', {class: 'button main', value: 'yes'}, action))));
    dialog.addEventListener('close', () => {
      const answer = dialog.returnValue;
      dialog.remove();
      if (answer === 'other') done(false);
      else done(answer === 'yes' ? (input ? input.value.trim() : true) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (input) input.select();
  });
}

/** Whether a question waits for an answer. */
export const isAsking = () => document.querySelector('dialog > form[method=dialog]') !== null;
