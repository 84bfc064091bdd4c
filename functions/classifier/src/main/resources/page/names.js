/* Names for images that nobody has labelled yet: suggestions alone, never mixed with what the head predicts. */

import {h} from './dom.js';
import {texts} from './texts.js';

/** One button for each suggested name, null where there is none; `take` is called with the name that was chosen. */
export function nameButtons(names, take) {
  return names.length ? h('p', {class: 'names'},
    h('span', {class: 'muted small-text'}, texts.names.lead),
    names.map(({name}) => h('button', {type: 'button', class: 'button small', title: texts.names.hint, onclick: () => take(name)}, texts.names.question(name)))) : null;
}
