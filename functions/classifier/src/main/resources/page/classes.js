/* What is done with a class as a whole: it is made, gets a colour, another name, or is deleted. */

import {api} from './api.js';
import {ask, complain} from './dialogs.js';
import {button, h} from './dom.js';
import {hue} from './format.js';
import {labels, loadClasses} from './labels.js';
import {deleteClass, renameClass} from './steps.js';
import {texts} from './texts.js';
import {noteChanges, noteUndoable} from './undo.js';

const PALETTE = [4, 28, 45, 75, 120, 155, 180, 200, 225, 260, 290, 330]; // degrees

/**
 * Buttons for the class that a view shows. `current` gives it, with how many images it has and whether an image can have
 * `several` labels; `show` shows another class, or all images for null; `refresh` shows the same anew.
 */
export function classButtons({current, show, refresh}) {
  const element = h('div', {class: 'row', hidden: true}, button(texts.images.rename, rename), button(texts.classes.colour, colour), button(texts.images.deleteClass, remove));
  const palette = h('div', {class: 'row palette', role: 'group', 'aria-label': texts.classes.colour, hidden: true});

  function colour() {
    const {label} = current();
    palette.hidden = !palette.hidden;
    palette.replaceChildren(...PALETTE.map((degrees, i) => h('button', {type: 'button', class: 'chip', style: {'--hue': degrees}, 'aria-pressed': String(hue(label) === degrees),
      'aria-label': texts.classes.colourOf(i + 1, label), onclick: () => choose(label, degrees)}, label)));
  }

  async function choose(label, degrees) {
    try {
      const before = (await loadClasses()).find(one => one.label === label)?.hue;
      await putClass(label, degrees);
      palette.hidden = true;
      noteUndoable(texts.classes.coloured(label), () => putClass(label, before));
    } catch (error) {
      complain(error);
    }
  }

  async function rename() {
    const {label: from, images, several} = current();
    const to = await ask({title: texts.images.renameTitle(from), text: texts.images.renameText, label: texts.images.newName, value: from, action: texts.images.renameAction});
    if (!to || to === from) return;
    try {
      const {done, complete, changes} = await renameClass(from, to, several, images);
      await (complete ? show(to) : refresh());
      noteChanges(complete ? texts.images.renamed(done, to) : texts.steps.stopped(done), changes, () => show(from));
    } catch (error) {
      complain(error);
    }
  }

  async function remove() {
    const {label, images, several} = current();
    if (!await ask({title: texts.images.deleteClassTitle(label), text: texts.images.deleteClassText(images), action: texts.images.deleteClass})) return;
    try {
      const {done, complete, changes} = await deleteClass(label, several, images);
      await (complete ? show(null) : refresh());
      noteChanges(complete ? texts.images.classDeleted(label) : texts.steps.stopped(done), changes, () => show(label));
    } catch (error) {
      complain(error);
    }
  }

  return {
    element,
    palette,
    show() {
      element.hidden = !current().label;
      palette.hidden = true;
    },
  };
}

/** Makes a class, or gives it a colour; none for that of its name. */
async function putClass(label, degrees) {
  await api('PUT', '/classes', degrees ? {label, hue: degrees} : {label});
  await loadClasses();
}

/** A button that makes a class before it has images; `made` shows it, or all for null. */
export const newClassButton = made => button(texts.classes.create, async () => {
  try {
    const label = await ask({title: texts.classes.create, text: texts.classes.createText, label: texts.queue.name, action: texts.classes.make});
    if (!label) return;
    await putClass(label);
    await made(label);
    noteUndoable(texts.classes.created(label), async () => {
      const n = (await labels()).labels.find(one => one.label === label)?.images;
      if (n) return texts.classes.hasImages(label, n);
      await api('POST', '/labels/delete', {label});
      await made(null);
      return texts.images.classDeleted(label);
    });
  } catch (error) {
    complain(error);
  }
});
