/* Work on many images, in steps that are short requests: it shows how far it is, can be stopped, and goes on when it is asked for again. */

import {api, query} from './api.js';
import {isAsking} from './dialogs.js';
import {button, h} from './dom.js';
import {texts} from './texts.js';

const MOST_KEYS = 1000; // keys that a request takes
const LISTED = 200; // keys that a page of a list has
const SHORT = 600; // milliseconds that need no window

/** Shows a window over the page if the work takes longer, but not over a question, such as to sign in again. Gives what tells it the number that is done, and what closes it. */
function progressWindow(title, total, stop) {
  const text = h('p', {role: 'status'}, texts.steps.done(0, total));
  const bar = h('progress', {max: total, value: 0, 'aria-label': title});
  const dialog = h('dialog', {'aria-label': title}, h('h2', {}, title), text, bar,
    h('div', {class: 'row end'}, button(texts.steps.stop, stop)));
  dialog.addEventListener('cancel', event => { event.preventDefault(); stop(); });
  const timer = setInterval(() => {
    if (isAsking()) return;
    clearInterval(timer);
    document.body.append(dialog);
    dialog.showModal();
  }, SHORT);
  return {
    tell(done) {
      text.textContent = texts.steps.done(done, total);
      bar.value = done;
    },
    close() {
      clearInterval(timer);
      dialog.remove();
    },
  };
}

/**
 * Calls `step` until it says that it is complete, or somebody stops it; it gives how many images it did. Gives how many that
 * are, and whether all were.
 */
export async function inSteps(title, total, step, open = progressWindow) {
  let stopped = false;
  let done = 0;
  const progress = open(title, total, () => { stopped = true; });
  try {
    for (;;) {
      const {images, complete} = await step();
      done += images;
      progress.tell(done);
      if (complete || stopped) return {done, complete};
    }
  } finally {
    progress.close();
  }
}

/** The same for steps that give what takes them back: that is given, too. */
async function undoableSteps(title, total, step) {
  const changes = [];
  const result = await inSteps(title, total, async () => {
    const {changed, complete, undo} = await step();
    changes.push(undo);
    return {images: changed, complete};
  });
  return {...result, changes};
}

/** Gives all images of a class another name. */
export const renameClass = (from, to, several, total) =>
  undoableSteps(texts.images.renameTitle(from), total, () => api('POST', '/labels/rename' + query({several}), {from, to}));

/** Takes a class away from all its images. */
export const deleteClass = (label, several, total) =>
  undoableSteps(texts.images.deleteClassTitle(label), total, () => api('POST', '/labels/delete' + query({several}), {label}));

/** Calls `task` with at most a thousand keys after the other. */
export function lotByLot(title, keys, task) {
  let next = 0;
  return inSteps(title, keys.length, async () => {
    const lot = keys.slice(next, next + MOST_KEYS);
    next += lot.length;
    await task(lot);
    return {images: lot.length, complete: next >= keys.length};
  });
}

/** Gives `task` all images of a list, page by page; `which` names it as `GET /images` does. */
export function pageByPage(title, which, total, task) {
  let cursor = null;
  return inSteps(title, total, async () => {
    const page = await api('GET', '/images' + query(cursor ? {...which, limit: LISTED, cursor} : {...which, limit: LISTED}));
    await task(page.images);
    cursor = page.cursor;
    return {images: page.images.length, complete: !cursor};
  });
}

/** Deletes all images of a list. */
export async function deleteAll(which, total) {
  const changes = [];
  const result = await pageByPage(texts.images.removing, which, total, async images => {
    if (images.length) changes.push((await api('POST', '/images/delete', {keys: images.map(({key}) => key)})).undo);
  });
  return {...result, changes};
}
