/* Pictures that are stored more than once: one label for all of them, and the copies deleted. */

import {api} from './api.js';
import {complain} from './dialogs.js';
import {button, chip, h} from './dom.js';
import {fileName} from './format.js';
import {lookButton} from './look.js';
import {thumbnail} from './picture.js';
import {texts} from './texts.js';
import {noteChanges} from './undo.js';

/** The labels of a group, without those of images that have none. */
export const labelsOf = ({images}) => [...new Set(images.map(({label}) => label))].filter(Boolean).sort();

/** The section of a view; it shows itself once there is something to tell. */
export function copiesSection() {
  const section = h('section', {class: 'card', hidden: true, 'aria-label': texts.copies.title});

  /** Does something to a group, tells it, and shows what is left. */
  async function change(send, told) {
    try {
      const {undo} = await send();
      await load();
      noteChanges(told, [undo], load);
    } catch (error) {
      complain(error);
    }
  }

  const label = ({keys}, name) => change(() => api('POST', '/labels', {keys, label: name}), texts.images.labelled(keys.length, name));

  function remove({keys}) {
    const [kept, ...copies] = keys;
    return change(() => api('POST', '/images/delete', {keys: copies}), texts.copies.removed(copies.length, fileName(kept)));
  }

  function groupItem(group) {
    const {images, keys, contradicts, identical} = group;
    return h('li', {class: contradicts ? 'copies contradicts' : 'copies'},
      h('p', {}, contradicts ? texts.copies.contradicts(labelsOf(group)) : texts.copies.same(keys.length, identical)),
      h('div', {class: 'thumbs'}, images.map(image => h('figure', {class: 'thumb'}, thumbnail(image, {title: image.key}), lookButton(image, load),
        h('figcaption', {}, image.label ? chip(image.label) : texts.unlabelled)))),
      h('div', {class: 'row'}, contradicts
        ? labelsOf(group).map(name => button(texts.copies.all(name), () => label(group, name), {class: 'button small'}))
        : button(texts.copies.keepOne(fileName(keys[0])), () => remove(group), {class: 'button small danger'})));
  }

  async function load() {
    try {
      const {groups, count} = await api('GET', '/copies');
      section.hidden = !count;
      section.replaceChildren(h('h2', {}, texts.copies.title), h('p', {class: 'muted small-text'}, texts.copies.lead(count)),
        h('ul', {class: 'stack'}, groups.map(groupItem)));
    } catch (error) {
      complain(error);
    }
  }
  load();
  return section;
}
