/* Who promoted and deleted what. */

import {api} from './api.js';
import {h} from './dom.js';
import {when} from './format.js';
import {texts} from './texts.js';

/** A section that shows itself once there is something to tell. */
export function historySection() {
  const section = h('section', {class: 'card', hidden: true});
  api('GET', '/history?limit=20').then(({acts}) => {
    section.hidden = acts.length === 0;
    const columns = [texts.history.who, texts.history.what, texts.history.when];
    section.replaceChildren(h('h2', {}, texts.history.title),
      h('table', {}, h('thead', {}, h('tr', {}, columns.map(column => h('th', {scope: 'col'}, column)))),
        h('tbody', {}, acts.map(({time, by, action, subject}) => h('tr', {},
          h('th', {scope: 'row'}, by || texts.decisions.nobody), h('td', {}, action + ' ' + subject), h('td', {}, when(time)))))));
  }).catch(() => { /* the view is whole without it */ });
  return section;
}
