/* Everything as files, to go on with elsewhere: what one request gives, and what is made in steps. */

import {api} from './api.js';
import {busy, button, h, problem} from './dom.js';
import {fileLink} from './download.js';
import {fileName, fileSize, when} from './format.js';
import {findHead} from './heads.js';
import {texts} from './texts.js';

const SHOWN = 12; // files that need no click

/** Calls `step` until it says that it is complete, or `over` says so, and tells how far each came. Gives the last one. */
export async function untilComplete(step, tell, over) {
  for (;;) {
    const now = await step();
    tell(now);
    if (now.complete || over()) return now;
  }
}

/** The last export under a path of the API; null where there is none. */
async function lastExport(path) {
  try {
    return await api('GET', path);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

const fileList = ({parts, files, bytes, until}) => h('details', {open: files <= SHOWN},
  h('summary', {}, texts.exports.files(files, fileSize(bytes))),
  h('ul', {class: 'files'}, parts.map(part => h('li', {},
    h('a', {href: part.url, download: fileName(part.key)}, fileName(part.key)), h('span', {class: 'muted'}, fileSize(part.bytes))))),
  h('p', {class: 'muted small-text'}, texts.exports.until(when(until)), parts.length < files ? texts.exports.first(parts.length) : null));

/** An export that is made in steps, and goes on where it was stopped. */
function stepwise(path, title, hint) {
  const place = h('div', {}, busy());

  function show(found) {
    const action = !found ? texts.exports.make : found.complete ? texts.exports.anew : texts.exports.goOn;
    place.replaceChildren(h('div', {class: 'stack'},
      found && !found.complete ? h('p', {role: 'status'}, texts.exports.stopped(found)) : null,
      found && fileList(found),
      found && found.missing ? h('p', {class: 'muted small-text'}, texts.exports.missing(found.missing)) : null,
      h('div', {class: 'row'}, button(action, make, {class: 'button small', 'aria-label': `${action}: ${title}`}))));
  }

  async function make() {
    let stopped = false;
    const text = h('p', {role: 'status'}, texts.exports.listing);
    const bar = h('progress', {'aria-label': title});
    const stop = button(texts.steps.stop, () => {
      stopped = true;
      stop.disabled = true;
      text.textContent = texts.exports.stopping;
    }, {class: 'button small', 'aria-label': `${texts.steps.stop}: ${title}`});
    place.replaceChildren(text, bar, h('div', {class: 'row'}, stop));
    const tell = ({done, images}) => {
      if (!stopped) text.textContent = texts.steps.done(done, images);
      bar.max = Math.max(1, images);
      bar.value = done;
    };
    try {
      show(await untilComplete(() => api('POST', path), tell, () => stopped || !place.isConnected));
    } catch (error) {
      place.replaceChildren(problem(error, make));
    }
  }

  const load = () => lastExport(path).then(show, error => place.replaceChildren(problem(error, load)));
  load();
  return h('section', {class: 'export'}, h('h3', {}, title), h('p', {class: 'muted'}, hint), place);
}

/** Features, images, labels and model as files. */
export function exportsCard() {
  const link = (path, text, hint, query = '') => h('li', {}, fileLink('export/' + path + query, text, {download: path}), h('span', {class: 'muted'}, hint));
  const models = h('ul', {class: 'downloads'});
  findHead().catch(() => undefined).then(head => {
    if (head) {
      models.append(link('model.onnx', texts.exports.model, texts.exports.modelHint, '?input=image'),
        link('model.onnx', texts.exports.tensorModel, texts.exports.tensorModelHint));
    } else models.append(h('li', {class: 'muted'}, texts.exports.noModel));
  });
  return h('section', {class: 'card'}, h('h2', {}, texts.exports.title),
    models,
    h('ul', {class: 'downloads'},
      link('labels.csv', texts.exports.csv, texts.exports.csvHint),
      link('labels.manifest', texts.exports.manifest, texts.exports.manifestHint),
      link('folders.txt', texts.exports.folders, texts.exports.foldersHint)),
    stepwise('/export/features', texts.exports.features, texts.exports.featuresHint),
    stepwise('/export/images', texts.exports.images, texts.exports.imagesHint));
}
