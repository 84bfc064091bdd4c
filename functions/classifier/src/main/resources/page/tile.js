/* An image among others, that can be selected. */

import {chip, h} from './dom.js';
import {lookButton} from './look.js';
import {thumbnail} from './picture.js';
import {texts} from './texts.js';

/** `onchange` is called when it is selected or not any more, `changed` when its label was taken back. */
export function tile(image, onchange, changed) {
  return h('label', {class: 'tile'}, h('input', {type: 'checkbox', value: image.key, onchange}),
    thumbnail(image), lookButton(image, changed),
    image.label ? chip(image.label) : h('span', {class: 'muted'}, texts.unlabelled),
    image.split ? h('span', {class: 'muted', title: texts.images.split}, image.split) : '');
}
