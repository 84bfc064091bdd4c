/* The choice of the label set, at the head of the page. */

import {api} from './api.js';
import {h} from './dom.js';
import {chooseSet, chosenAmong} from './sets.js';
import {texts} from './texts.js';

/** Shows the choice where there are several sets; `chosen` is called when it is another one. */
export async function showSets(element, chosen) {
  const names = (await api('GET', '/sets')).sets.map(({name}) => name);
  const now = chosenAmong(names);
  const choice = h('select', {id: 'label-set', onchange: () => { chooseSet(choice.value); chosen(); }},
    names.map(name => h('option', {value: name, selected: name === now}, name)));
  element.hidden = names.length < 2;
  element.replaceChildren(h('label', {for: 'label-set'}, texts.labelSet), choice);
}
