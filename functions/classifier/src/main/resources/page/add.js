/* Pictures of this device on their way into the bucket. */

import {api, query} from './api.js';
import {agreedLabel, agreedLevel, isLeftOut, onlyNew, withoutContradictions} from './chosen.js';
import {readable} from './convert.js';
import {ask, complain} from './dialogs.js';
import {h, labelInput, problem} from './dom.js';
import {fileName} from './format.js';
import {folderOf, foldersOf, keyFor, knownLabels, labelForKey, labelOfNew, pathOf} from './labels.js';
import {poll} from './polling.js';
import {inDefaultSet} from './sets.js';
import {texts} from './texts.js';
import {dropZone, labelled, putFile, sha256} from './upload.js';

/** How often without anything new it is asked whether the pictures are read: about a minute and a half. */
const PATIENCE = 22;

/** Files, and bytes of them, whose links are asked for in one call: links are good for an hour. */
const MOST_LINKS = 1000;
const MOST_BYTES = 200e6;

/** Runs `task` on all items, four at a time. */
export async function fourAtATime(items, task) {
  const rest = [...items];
  await Promise.all([1, 2, 3, 4].map(async () => {
    while (rest.length) await task(rest.shift());
  }));
}

/** The files in lots, each of at least one file. */
export function lotsOf(files) {
  const lots = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes + file.size > MOST_BYTES || lots.at(-1).length === MOST_LINKS) {
      lots.push([]);
      bytes = 0;
    }
    lots.at(-1).push(file);
    bytes += file.size;
  }
  return lots;
}

/** Runs `task` on one lot of files after the other; where it fails, `refuse` is told of each file of the lot. */
async function inLots(files, task, refuse) {
  for (const lot of lotsOf(files)) await task(lot).catch(error => lot.forEach(file => refuse(file, error)));
}

/** Whether so many may be added: they are few enough to be read today, or somebody says so. */
export async function mayAdd(files, consent = ask) {
  const {used, limit} = await api('GET', '/uploads');
  return limit === null || used + files <= limit
    || Boolean(await consent({title: texts.add.tooMany(files), text: texts.add.overLimit(used, limit), action: texts.add.addAll}));
}

/** Takes out of `waiting` what has a feature or was refused, among what came after the time `newest`. */
async function forgetRead(waiting, newest, refused) {
  const unreadable = await api('GET', '/unreadable?limit=200');
  for (const {key, reason} of unreadable.images) if (waiting.delete(key)) refused.push({key, name: fileName(key), reason});
  let cursor = null;
  do {
    const page = await api('GET', '/images' + query(cursor ? {limit: 200, cursor} : {limit: 200}));
    page.images.forEach(({key}) => waiting.delete(key));
    cursor = page.images.some(({time}) => time < newest) ? null : page.cursor;
  } while (cursor && waiting.size);
}

/** Uploads files and waits until they are read; calls `tell` with how far it is. Gives what is still waiting, what was refused and what was there already. */
async function uploadAndWait(files, typed, {stopped, tell}) {
  const waiting = new Set();
  const refused = [];
  const there = [];
  const before = new Map();
  const sha = sha256();
  let uploaded = 0;
  let failed = 0;
  const folder = inDefaultSet() ? typed : '';
  const state = () => ({uploaded, failed, read: uploaded - waiting.size, waiting, refused, there});
  const newest = (await api('GET', '/images?limit=1')).images[0]?.time || '';
  let over = false;
  const refuse = ({name}, {message}) => {
    failed++;
    refused.push({name, reason: message});
    tell(state());
  };
  const uploading = inLots(files, async lot => {
    const hashed = [];
    for (const chosen of lot) {
      try {
        const file = await readable(chosen);
        hashed.push({file, hash: await sha(file), label: typed || (inDefaultSet() ? foldersOf(pathOf(file)).label : '')});
      } catch (error) {
        refuse(chosen, error);
      }
    }
    if (!hashed.length || stopped()) return;
    const fresh = await onlyNew(hashed, before, file => there.push(file));
    tell(state());
    if (!fresh.length) return;
    const {uploads} = await api('POST', '/uploads', {keys: fresh.map(({file, hash}) => keyFor(file.name, folderOf(file, folder), hash)), ...labelled(typed)});
    await fourAtATime(fresh.map(({file}, i) => [file, uploads[i]]), async ([file, link]) => {
      try {
        waiting.add(await putFile(file, link));
        uploaded++;
        tell(state());
      } catch (error) {
        refuse(file, error);
      }
    });
  }, refuse).then(() => { over = true; });
  let patience = PATIENCE;
  await poll(async () => {
    const before = waiting.size;
    patience = over ? patience - 1 : PATIENCE;
    if (waiting.size) await forgetRead(waiting, newest, refused);
    tell(state());
    if (over && waiting.size < before) patience = PATIENCE;
    return !over || waiting.size < before;
  }, {first: 0.7, longest: 5, over: () => stopped() || over && !waiting.size || patience <= 0});
  if (!stopped()) await uploading;
  return state();
}

/** What was dropped where no card was: the next one takes it. */
let dropped = null;

/** Keeps files for the card of the next view. */
export function keepDropped(files) {
  dropped = files;
}

/** A card that uploads pictures and tells how far their features are; `done` is called after each lot. */
export function addPictures(stopped, done) {
  const label = labelInput('add-label', {placeholder: texts.add.noLabel});
  const folder = h('input', {type: 'file', class: 'hidden', webkitdirectory: true, 'aria-label': texts.add.chooseFolder,
    onchange: () => { add([...folder.files]); folder.value = ''; }});
  const progress = h('div', {role: 'status'});

  async function add(chosen) {
    const leftOut = chosen.filter(isLeftOut);
    let files = chosen.filter(file => !isLeftOut(file));
    let typed;
    try {
      const sha = sha256();
      typed = labelOfNew(label.value);
      if (inDefaultSet()) {
        typed = await agreedLabel(files, typed);
        if (typed === '') typed = await agreedLevel(files, knownLabels());
        if (typed === null) return;
        typed = labelForKey(typed);
        if (!typed) files = await withoutContradictions(files, sha);
      }
      if (files === null) return;
      if (!await mayAdd(files.length)) return;
    } catch (error) {
      return complain(error);
    }
    const text = h('p', {}, texts.add.soFar(0, files.length, 0));
    const bar = h('progress', {max: 2 * files.length, value: 0, 'aria-label': texts.add.progress});
    progress.replaceChildren(text, bar);
    const tell = ({uploaded, failed, read, there}) => {
      text.textContent = texts.add.soFar(uploaded, files.length, read);
      bar.value = uploaded + read + 2 * (failed + there.length);
    };
    try {
      const {read, waiting, refused, there} = await uploadAndWait(files, typed, {stopped, tell});
      if (stopped()) return;
      const unreadable = refused.filter(({key}) => key).length;
      progress.replaceChildren(h('p', {}, texts.add.done(read - unreadable, waiting.size)),
        leftOut.length ? h('p', {class: 'muted'}, texts.add.leftOut(leftOut.map(pathOf))) : '',
        there.length ? h('p', {}, texts.add.there(there.length)) : '',
        h('ul', {class: 'refused'}, [...there, ...refused].map(({name, reason}) => h('li', {}, h('span', {class: 'mono'}, name), h('span', {class: 'muted'}, reason)))));
      done();
    } catch (error) {
      progress.replaceChildren(problem(error));
    }
  }

  const card = h('details', {class: 'card'}, h('summary', {}, texts.add.title),
    h('div', {class: 'field'}, h('label', {for: 'add-label'}, texts.add.label), label),
    dropZone({text: texts.add.choose, hint: texts.add.hint, multiple: true, compact: true, onfiles: add}),
    h('p', {class: 'small-text'}, texts.add.folder(h('label', {class: 'link'}, folder, texts.add.chooseFolder)),
      h('span', {class: 'muted'}, texts.add.elsewhere)),
    progress);
  if (dropped) {
    card.open = true;
    add(dropped);
    dropped = null;
  }
  return card;
}
