/* Which of the files that were chosen or dropped are sent, and under which label. */

import {api, query} from './api.js';
import {isForeign} from './convert.js';
import {ask} from './dialogs.js';
import {fileName} from './format.js';
import {foldersOf, pathOf} from './labels.js';
import {texts} from './texts.js';

/** Whether a file is none of the user's pictures: of a system or a program, or what else lies in a chosen folder. */
export function isLeftOut(file) {
  return foldersOf(pathOf(file)).system || Boolean(file.webkitRelativePath) && !file.type.startsWith('image/') && !isForeign(file);
}

/** The classes that the folders of files name. */
const named = files => [...new Set(files.map(file => foldersOf(pathOf(file)).label))].filter(Boolean).sort();

/** The label of pictures for which none was typed, or one over folders that name others: asked for before anything is sent. Null if cancelled. */
export async function agreedLabel(files, typed, asking = ask) {
  const chosen = files.filter(({webkitRelativePath}) => webkitRelativePath);
  const names = named(chosen);
  if (typed && names.length) {
    return await asking({title: texts.add.overFolders(typed), text: texts.add.foldersSay(names), action: texts.add.useFor(typed)}) && typed;
  }
  if (typed || names.length || !chosen.length) return typed;
  const [folder] = chosen[0].webkitRelativePath.split('/');
  return asking({title: texts.add.oneFolder(folder), text: texts.add.noClasses, label: texts.add.label, value: folder, required: false, action: texts.add.addThem});
}

/** The path of a file without the folder that is read as its class. */
function withoutClass(file) {
  const [root, ...rest] = file.webkitRelativePath.split('/');
  rest.splice(foldersOf(rest.join('/')).split ? 1 : 0, 1);
  return [root, ...rest].join('/');
}

const setPath = (file, path) => Object.defineProperty(file, 'webkitRelativePath', {value: path, configurable: true});

/**
 * Whether the folders of classes are one level further in than where they are looked for, or one level further out: asked for
 * before anything is sent. `known` are the classes that exist. Gives the label of all where they are of one class, empty text
 * where the folders say it, null if cancelled.
 */
export async function agreedLevel(files, known, asking = ask) {
  const chosen = files.filter(({webkitRelativePath}) => webkitRelativePath);
  const outer = named(chosen);
  if (!outer.length) return '';
  const [root] = chosen[0].webkitRelativePath.split('/');
  const inner = new Set(chosen.map(file => foldersOf(withoutClass(file).split('/').slice(1).join('/')).label));
  if (!inner.has('') && !outer.some(name => known.includes(name))) {
    const names = [...inner].sort();
    const take = await asking({title: texts.add.whichFolders, text: texts.add.twoLevels(outer, names), action: texts.add.classesAre(names), other: texts.add.classesAre(outer)});
    if (take === true) chosen.forEach(file => setPath(file, withoutClass(file)));
    return take === null ? null : '';
  }
  if (known.includes(root) && !outer.some(name => known.includes(name))) {
    const all = await asking({title: texts.add.allOfClass(root), text: texts.add.insideClass(root, outer), action: texts.add.useFor(root), other: texts.add.classesAre(outer)});
    return all === null ? null : all ? root : '';
  }
  return '';
}

/** The items in groups that have the same value of `of`. */
function groups(items, of) {
  const all = new Map();
  for (const item of items) all.set(of(item), [...all.get(of(item)) || [], item]);
  return [...all.values()];
}

/** Files of one size that their folders put into several classes; only these can be the same picture in two. */
const inSeveral = files => groups(files, ({size}) => size).filter(same => named(same).length > 1).flat();

/** What of the files to send, where the same picture lies in the folders of two classes: asked for before anything is sent. Null if cancelled. */
export async function withoutContradictions(files, hash, asking = ask) {
  const hashed = [];
  for (const file of inSeveral(files)) hashed.push({file, hash: await hash(file)});
  const twins = groups(hashed, one => one.hash).map(group => group.map(({file}) => file)).filter(group => named(group).length > 1);
  if (!twins.length) return files;
  const leave = await asking({title: texts.add.inTwo(twins.length), text: texts.add.inTwoClasses(twins.map(group => [fileName(pathOf(group[0])), named(group)])),
    action: texts.add.leaveOut, other: texts.add.takeFirst});
  if (leave === null) return null;
  const out = new Set(leave ? twins.flat() : []);
  return files.filter(file => !out.has(file));
}

/** Takes out of `hashed`, a lot of files with their hashes and labels, what is stored already or among the files `before`; what is stored without label gets that of its file. `tell` is told of each. */
export async function onlyNew(hashed, before, tell) {
  const {images} = await api('POST', '/images/find', {hashes: hashed.map(({hash}) => hash)});
  const stored = new Map(images.map(image => [image.hash, image]));
  const fresh = [];
  for (const one of hashed) {
    const {file: {name}, hash, label} = one;
    const twin = stored.get(hash);
    const given = twin && twin.label === null && label;
    if (given) await api('PUT', '/images/label' + query({key: twin.key}), {label, expected: null});
    if (twin) tell({name, reason: texts.add.thereAs(fileName(twin.key), given || twin.label)});
    else if (before.has(hash)) tell({name, reason: texts.add.sameAs(before.get(hash))});
    else fresh.push(one);
    before.set(hash, before.get(hash) || name);
  }
  return fresh;
}
