/* Pictures of this device on their way out. */

import {api, Problem} from './api.js';
import {asJpeg, readable} from './convert.js';
import {digest} from './digest.js';
import {complain} from './dialogs.js';
import {h, icon} from './dom.js';
import {keyFor} from './labels.js';
import {inDefaultSet} from './sets.js';
import {texts} from './texts.js';

const LONGEST_SIDE = 2048;

/** The files of an entry of a drop, those in folders with their paths below `root`. */
async function filesIn(entry, root) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    const path = root + entry.fullPath;
    if (path.lastIndexOf('/') > 0) Object.defineProperty(file, 'webkitRelativePath', {value: path.replace(/^\//, ''), configurable: true});
    return [file];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return files;
    for (const one of some) files.push(...await filesIn(one, root));
  }
}

/** What was dropped: files, and those in folders with the paths that choosing the folder gives them. Several folders count as the content of one. */
export async function filesOf({items, files}) {
  const entries = [...items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.some(entry => entry.isDirectory)) return [...files];
  const found = await Promise.all(entries.map(entry => filesIn(entry, entries.length > 1 ? '/dropped' : '')));
  return found.flat();
}

/** An area that takes pictures: chosen, or dropped on it. */
export function dropZone({text, hint, multiple = false, compact = false, onfiles}) {
  const input = h('input', {type: 'file', class: 'hidden', accept: 'image/*', multiple,
    onchange: () => { if (input.files.length) onfiles([...input.files]); input.value = ''; }});
  const zone = h('label', {class: compact ? 'drop compact' : 'drop'}, input, icon('upload'), h('strong', {}, text), h('span', {class: 'muted'}, hint));
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    filesOf(event.dataTransfer).then(files => { if (files.length) onfiles(files); }, complain);
  });
  return zone;
}

/** A copy small enough for one request, on white; larger files than that need it, others that can be read go as they are. */
export async function forRequest(chosen) {
  const file = await readable(chosen);
  const most = Number(document.documentElement.dataset.maxBodyBytes);
  if (file.size <= most) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Problem(texts.upload.unreadable, texts.upload.tooLarge(file.name, most));
  }
  return asJpeg(bitmap, bitmap.width, bitmap.height, LONGEST_SIDE);
}

/** SHA-256 in hexadecimal digits; the browser's, which it has on secure pages alone: by https and on localhost. */
export function sha256() {
  const bytes = async buffer => crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', buffer)) : digest(buffer);
  return async file => [...await bytes(await file.arrayBuffer())]
    .map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** What else a request for links says of new pictures with this label in the chosen set; in the default one their folder says it. */
export const labelled = label => inDefaultSet() || !label ? {} : {label};

/** Puts a file into the images bucket through a link, with a label unless it is empty. Gives its key. */
export async function upload(chosen, label) {
  const file = await readable(chosen);
  const folder = inDefaultSet() ? label : '';
  return putFile(file, await api('POST', '/uploads', {key: keyFor(file.name, folder, await sha256()(file)), ...labelled(label)}));
}

/** Puts a file where a link of the API leads. Gives its key. */
export async function putFile(file, link) {
  const response = await fetch(link.url, {method: link.method, headers: link.headers, body: new Blob([file])}).catch(() => null);
  if (!response || !response.ok) throw new Problem(texts.upload.notUploaded, texts.upload.notReached(file.name));
  return link.key;
}
