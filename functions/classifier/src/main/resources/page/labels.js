/* The classes that exist, and where a new picture of one goes. */

import {api, Problem, query} from './api.js';
import {$, h, recolour} from './dom.js';
import {setHues} from './format.js';
import {inDefaultSet} from './sets.js';
import {texts} from './texts.js';

/** Gives all classes the colours that people chose; gives what people said of classes. */
export async function loadClasses() {
  const {classes} = await api('GET', '/classes');
  colour(classes);
  return classes;
}

function colour(classes) {
  setHues(classes, knownLabels());
  recolour();
}

/** The counts with the classes that somebody made and no image has. */
export function withMade(found, made) {
  const there = new Set(found.labels.map(({label}) => label));
  const more = made.filter(({label}) => !there.has(label)).map(({label}) => ({label, images: 0}));
  return {...found, labels: [...found.labels, ...more].sort((a, b) => a.label < b.label ? -1 : 1)};
}

/** Classes by name with their counts, kept for suggestions while typing. `several`: each label of an image counts by itself. */
export async function labels(several = false) {
  const [counted, made] = await Promise.all([api('GET', '/labels' + query({several})), loadClasses()]);
  const found = withMade(counted, made);
  $('#labels').replaceChildren(...found.labels.map(({label}) => h('option', {value: label})));
  colour(made);
  return found;
}

/** The names of the classes as they were last asked for. */
export const knownLabels = () => [...$('#labels').children].map(({value}) => value);

const SPLITS = new Set(['train', 'val', 'valid', 'validation', 'test']);
const SYSTEM = new Set(['@eadir', '#recycle', '@recycle', '__macosx', 'thumbs.db', 'desktop.ini', '$recycle.bin', 'system volume information', 'lost+found']);

/** What the folders of a path say, as the featurizer reads it: the split of a data set, the label, and whether a system or a program made it. */
export function foldersOf(path) {
  const names = path.split('/').filter(name => name);
  const folders = names.slice(0, -1);
  const isSplit = SPLITS.has((folders[0] || '').toLowerCase()) && !(folders.length === 1 && folders[0].toLowerCase() === 'train');
  const [split, label] = isSplit ? folders : ['', folders[0]];
  return {split, label: label || '', system: names.some(name => name.startsWith('.') || SYSTEM.has(name.toLowerCase()))};
}

/** A label that can be a folder of the images bucket; empty text for none. */
export function labelForKey(text) {
  const label = text.trim().normalize('NFC');
  const {label: read, system} = foldersOf(label + '/picture');
  if (read !== label || system) throw new Problem(texts.upload.label, texts.upload.badLabel);
  return label;
}

/** The label of new pictures in the chosen label set, from what was typed; empty text for none. In the default one it is their folder. */
export const labelOfNew = text => inDefaultSet() ? labelForKey(text) : text.trim().normalize('NFC');

/** Where in a chosen folder a file lies; only its name where it was chosen alone. */
export function pathOf(file) {
  return (file.webkitRelativePath || file.name || '').split('/').slice(file.webkitRelativePath ? 1 : 0).join('/');
}

/** The folder of a file in the bucket: its split, and the label that was typed, else that of the folder it was chosen with. */
export function folderOf(file, typed) {
  const {split, label} = foldersOf(pathOf(file));
  return [split, (typed || label).normalize('NFC')].filter(name => name).join('/');
}

/** The key of a new picture; `hash` is the SHA-256 of its content, so that the same content under the same name keeps its key. */
export function keyFor(name, folder, hash) {
  const short = hash.slice(0, 8);
  const dot = name.lastIndexOf('.');
  const unique = dot > 0 ? `${name.slice(0, dot)}-${short}${name.slice(dot)}` : `${name}-${short}`;
  return `images/${folder ? folder + '/' : ''}${unique}`;
}
