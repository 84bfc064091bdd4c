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

/** The label of pictures for which none was typed, or one over folders that name others: asked for before anything is sent. Null if cancelled. */
export async function agreedLabel(files, typed, asking = ask) {
  const chosen = files.filter(({webkitRelativePath}) => webkitRelativePath);
  const named = [...new Set(chosen.map(file => foldersOf(pathOf(file)).label))].filter(Boolean).sort();
  if (typed && named.length) {
    return await asking({title: texts.add.overFolders(typed), text: texts.add.foldersSay(named), action: texts.add.useFor(typed)}) && typed;
  }
  if (typed || named.length || !chosen.length) return typed;
  const [folder] = chosen[0].webkitRelativePath.split('/');
  return asking({title: texts.add.oneFolder(folder), text: texts.add.noClasses, label: texts.add.label, value: folder, required: false, action: texts.add.addThem});
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
