/* What is done with several selected images at once. */

import {api} from './api.js';
import {ask, complain, note} from './dialogs.js';
import {$, button, h, labelInput} from './dom.js';
import {nameButtons} from './names.js';
import {lotByLot} from './steps.js';
import {texts} from './texts.js';
import {noteChanges} from './undo.js';

const NAMED = 100; // keys that are sent for names at once
const SETTLED = 300; // milliseconds without another selection

/** Gives all of them a label; gives what takes it back. */
async function setLabel(all, label) {
  let gone = 0;
  const changes = [];
  await lotByLot(texts.images.relabelling, all, async keys => {
    const {missing, undo} = await api('POST', '/labels', {keys, label});
    gone += missing.length;
    changes.push(undo);
  });
  if (gone) note(texts.images.missing(gone), {bad: true});
  return changes;
}

/**
 * The bar at the foot of the page, shown while images are selected.
 *
 * `selected` gives their keys, `labelOfKey` the label of each, `select` selects all that are shown or none, `rest` says how
 * many the list has if more than are shown, `selectRest` selects these too, `refresh` shows the images anew.
 */
export function bulkBar({selected, labelOfKey, select, rest, selectRest, refresh}) {
  const label = labelInput('bulk-label', {placeholder: texts.images.label});
  const number = h('strong', {role: 'status'});
  const names = h('div', {'aria-live': 'polite'});
  const all = button('', () => selectRest().catch(complain), {class: 'link'});
  let settling;
  const bar = h('form', {class: 'bulk', hidden: true, 'aria-label': texts.images.selection, onsubmit: event => { event.preventDefault(); relabel(label.value.trim()); }},
    h('div', {class: 'row'}, number, button(texts.images.selectAll, () => select(true), {class: 'link'}), all, button(texts.images.clear, () => select(false), {class: 'link'})),
    h('div', {class: 'row grow'}, h('label', {class: 'hidden', for: 'bulk-label'}, texts.images.labelOfSelection), label,
      h('button', {class: 'button main'}, texts.images.relabel)),
    names,
    h('div', {class: 'row'}, button(texts.images.removeLabel, () => relabel(null)), button(texts.images.remove, remove, {class: 'button danger'})));

  async function relabel(to) {
    if (to === '') return label.focus();
    const keys = selected();
    try {
      const changes = await setLabel(keys, to);
      await refresh();
      $('.tiles input')?.focus({preventScroll: true});
      noteChanges(to ? texts.images.labelled(keys.length, to) : texts.images.labelRemoved(keys.length), changes, refresh);
    } catch (error) {
      complain(error);
    }
  }

  async function suggest() {
    const keys = selected().slice(0, NAMED);
    const {together} = await api('POST', '/names', {keys}).catch(() => ({together: []}));
    names.replaceChildren(nameButtons(together, relabel) || '');
  }

  async function remove() {
    const keys = selected();
    if (!await ask({title: texts.images.confirmRemove(keys.length), text: texts.images.removeText, action: texts.images.remove})) return;
    const changes = [];
    try {
      const {done} = await lotByLot(texts.images.removing, keys, async lot => { changes.push((await api('POST', '/images/delete', {keys: lot})).undo); });
      noteChanges(texts.images.removed(done), changes, refresh);
    } catch (error) {
      complain(error);
    }
    await refresh();
  }

  $('#bar').replaceChildren(bar);
  return {
    /** To be called when the selection changed. */
    changed() {
      const n = selected().length;
      number.textContent = texts.images.selected(n);
      bar.hidden = n === 0;
      all.textContent = texts.images.selectRest(rest());
      all.hidden = rest() <= n;
      clearTimeout(settling);
      names.replaceChildren();
      if (n && selected().every(key => !labelOfKey(key))) settling = setTimeout(suggest, SETTLED);
    },
    focus: () => label.focus(),
    leave: () => {
      clearTimeout(settling);
      bar.remove();
    },
  };
}
