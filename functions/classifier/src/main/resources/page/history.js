/* Who promoted, deleted and renamed what, and taking it back. */

import {api} from './api.js';
import {complain, note} from './dialogs.js';
import {button, h} from './dom.js';
import {when} from './format.js';
import {texts} from './texts.js';
import {takeBackAll} from './undo.js';

/** A section that shows itself once there is something to tell. */
export function historySection() {
  const section = h('section', {class: 'card', hidden: true});

  async function takeBack(id, event) {
    event.target.disabled = true;
    try {
      note(await takeBackAll([id]));
      load();
    } catch (error) {
      event.target.disabled = false;
      complain(error);
    }
  }

  const load = () => api('GET', '/history?limit=20').then(({acts}) => {
    section.hidden = acts.length === 0;
    const columns = [texts.history.who, texts.history.what, texts.history.when];
    section.replaceChildren(h('h2', {}, texts.history.title),
      h('table', {}, h('thead', {}, h('tr', {}, columns.map(column => h('th', {scope: 'col'}, column)), h('td', {}))),
        h('tbody', {}, acts.map(({time, by, action, subject, undo}) => h('tr', {},
          h('th', {scope: 'row'}, by || texts.decisions.nobody), h('td', {}, action + ' ' + subject), h('td', {}, when(time)),
          h('td', {}, undo ? button(texts.decisions.takeBack, event => takeBack(undo, event), {class: 'button small', 'aria-label': texts.history.takeBackThis(action + ' ' + subject)}) : ''))))));
  }).catch(() => { /* the view is whole without it */ });
  load();
  return section;
}
