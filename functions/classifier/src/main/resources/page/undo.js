/* One way to take back what was done on the page: the button of the message that tells it, and Ctrl+Z for what was done last. */

import {api} from './api.js';
import {complain, note} from './dialogs.js';
import {texts} from './texts.js';

const REMEMBERED = 50; // that Ctrl+Z takes back, one after the other

const done = [];

/** Takes changes back, the last one first, by the ids that the API gave. Gives what to tell. */
export async function takeBackAll(changes, send = id => api('POST', '/undo', {id})) {
  let changed = 0;
  const kept = [];
  for (const id of changes.filter(Boolean).reverse()) {
    const undone = await send(id);
    changed += undone.changed;
    kept.push(...undone.kept);
  }
  return texts.undone(changed, kept);
}

/** Keeps how the last thing is taken back: `back` does it and may give what to tell. Gives what takes it back. */
export function remember(back) {
  const one = {back};
  done.push(one);
  if (done.length > REMEMBERED) done.shift();
  return () => run(one);
}

async function run(one) {
  const place = done.indexOf(one);
  if (place < 0) return;
  done.splice(place, 1);
  try {
    const told = await one.back();
    if (told) note(told);
  } catch (error) {
    done.push(one);
    complain(error);
  }
}

/** Takes back what was done last; gives whether there was anything. */
export async function takeBackLast() {
  const last = done.at(-1);
  if (last) await run(last);
  return Boolean(last);
}

/** Tells what was done, with a button that takes it back. */
export function noteUndoable(text, back) {
  note(text, {action: texts.undo, onaction: remember(back)});
}

/** The same where the API gave ids of what was changed; `changed` is called after it was taken back. */
export function noteChanges(text, changes, changed) {
  if (changes.some(Boolean)) noteUndoable(text, () => backThen(changes, changed));
  else note(text);
}

/** Takes changes back and shows what is there then. */
export async function backThen(changes, changed) {
  const told = await takeBackAll(changes);
  await changed();
  return told;
}

/** Ctrl+Z, where it does not belong to a field or a window. */
export function listenForUndo() {
  document.addEventListener('keydown', event => {
    const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';
    if (!asked || !done.length || event.target.matches('input:not([type=checkbox]), textarea, select') || document.querySelector('dialog')) return;
    event.preventDefault();
    takeBackLast();
  });
}
