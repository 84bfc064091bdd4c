/* The classes that exist, and where a new picture of one goes. */

import {api, Problem, query} from './api.js';
import {$, h} from './dom.js';
import {texts} from './texts.js';

/** Classes by name with their counts, kept for suggestions while typing. `several`: each label of an image counts by itself. */
export async function labels(several = false) {
  const found = await api('GET', '/labels' + query({several}));
  $('#labels').replaceChildren(...found.labels.map(({label}) => h('option', {value: label})));
  return found;
}

/** A label that can be a folder of the images bucket; empty text for none. */
export function labelForKey(text) {
  const label = text.trim();
  if (/[/]|^\.+$/.test(label)) throw new Problem(texts.upload.label, texts.upload.badLabel);
  return label;
}

/** The label of a file: the one typed, else the folder it was chosen with. */
export function labelOf(file, typed) {
  const folders = (file.webkitRelativePath || '').split('/').slice(1, -1);
  return typed || labelForKey(folders[0] || '');
}

/** The key of a new picture; `digest` is the SHA-256 of its content, so that the same content under the same name keeps its key. */
export function keyFor(name, label, digest) {
  const short = [...digest.slice(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join('');
  const dot = name.lastIndexOf('.');
  const unique = dot > 0 ? `${name.slice(0, dot)}-${short}${name.slice(dot)}` : `${name}-${short}`;
  return `images/${label ? label + '/' : ''}${unique}`;
}
