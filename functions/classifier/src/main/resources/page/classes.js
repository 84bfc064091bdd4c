/* What is done with a class as a whole: another name, or none any more. */

import {ask, complain} from './dialogs.js';
import {button, h} from './dom.js';
import {deleteClass, renameClass} from './steps.js';
import {texts} from './texts.js';
import {noteChanges} from './undo.js';

/**
 * Buttons for the class that a view shows. `current` gives it, with how many images it has and whether an image can have
 * `several` labels; `show` shows another class, or all images for null; `refresh` shows the same anew.
 */
export function classButtons({current, show, refresh}) {
  const element = h('div', {class: 'row', hidden: true}, button(texts.images.rename, rename), button(texts.images.deleteClass, remove));

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
    show() { element.hidden = !current().label; },
  };
}
