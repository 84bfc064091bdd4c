/* Every trained head; any of them can be put to use. */

import {api} from './api.js';
import {ask, complain, note} from './dialogs.js';
import {busy, button, chip, h, heading, problem} from './dom.js';
import {when} from './format.js';
import {historySection} from './history.js';
import {thumbnail} from './picture.js';
import {networksTable} from './report.js';
import {shadowSection} from './shadow.js';
import {checklist} from './start.js';
import {askStatus, onStatus} from './status.js';
import {texts} from './texts.js';
import {trainNow} from './train.js';
import {noteUndoable} from './undo.js';

export function versionsView(page) {
  const body = h('div', {});
  const training = trainNow();
  let newest = null;
  page.append(heading(texts.versions.title, texts.versions.lead), body);

  async function preview(version, place) {
    place.replaceChildren(busy(texts.versions.previewBusy));
    try {
      const [{images, changed, changes}, {findings}, shadow] = await Promise.all([api('GET', `/heads/${version}/preview`), api('GET', `/heads/${version}`), shadowSection(version)]);
      place.replaceChildren(
        networksTable(findings.networks) || '',
        ...shadow,
        h('p', {}, texts.versions.changes(changed, images)),
        h('div', {class: 'thumbs'}, changes.slice(0, 24).map(change => h('figure', {class: 'change'},
          thumbnail(change),
          h('figcaption', {}, texts.versions.change(chip(change.now), chip(change.then)))))));
    } catch (error) {
      place.replaceChildren(problem(error));
    }
  }

  async function promote(version, back, previous) {
    try {
      await api('PUT', '/heads/latest', {version});
      await load();
      askStatus();
      const told = back ? texts.versions.rolledBack(version) : texts.versions.promoted(version);
      if (previous) noteUndoable(told, () => promote(previous, !back, null));
      else note(told);
    } catch (error) {
      complain(error);
    }
  }

  async function remove(version) {
    if (!await ask({title: texts.versions.deleteTo(version), text: texts.versions.deleteText, action: texts.versions.delete})) return;
    try {
      await api('DELETE', '/heads/' + version);
      await load();
      note(texts.versions.deleted(version));
    } catch (error) {
      complain(error);
    }
  }

  function card(head, latest) {
    const back = latest && head.created < latest.created;
    const place = h('div', {class: 'preview', 'aria-live': 'polite'});
    return h('li', {class: 'card version'},
      h('div', {}, h('h2', {}, when(head.created) + ' ', head.latest ? h('span', {class: 'badge'}, texts.versions.inUse) : null),
        h('p', {}, texts.versions.summary(head)),
        h('p', {class: 'muted mono'}, head.version)),
      head.latest ? null : h('div', {class: 'row'},
        button(texts.versions.delete, () => remove(head.version), {'aria-label': texts.versions.deleteTo(head.version)}),
        button(texts.versions.preview, () => preview(head.version, place)),
        button(back ? texts.versions.rollBack : texts.versions.promote, () => promote(head.version, back, latest && latest.version), {class: 'button main', 'aria-label': back ? texts.versions.rollBackTo(head.version) : texts.versions.promoteTo(head.version)})),
      head.latest ? null : place);
  }

  async function load() {
    try {
      const {heads} = await api('GET', '/heads');
      const latest = heads.find(head => head.latest);
      training.mayTrain(true);
      body.replaceChildren(heads.length
        ? h('div', {class: 'stack'}, training.element, h('ol', {class: 'stack'}, heads.map(head => card(head, latest))), historySection())
        : checklist(load));
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  onStatus(body, ({head, training: {version} = {}}) => {
    const before = newest;
    newest = `${head} ${version}`;
    if (before && newest !== before) load();
  });
  body.append(busy());
  load();
}
