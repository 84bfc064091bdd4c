/* The fields that say which images are looked for, by more than their label. */

import {h} from './dom.js';
import {texts} from './texts.js';

const TYPED = 300; // milliseconds without another letter

/** Midnight of a day of a date field here, as the API takes it; `after` days later. */
function midnight(day, after = 0) {
  const date = new Date(day + 'T00:00');
  date.setDate(date.getDate() + after);
  return date.toISOString();
}

/** What `GET /images` takes for the values of the fields; nothing for those that are empty. */
export function searched({name, predicted, from, to, sort}) {
  return {
    ...name && {name},
    ...predicted && {predicted},
    ...from && {from: midnight(from)},
    ...to && {to: midnight(to, 1)},
    ...sort && sort !== 'newest' && {sort},
  };
}

const option = (value, text) => h('option', {value}, text);

/** The form; `onchange` is called once its values have settled. `classes` are those that a head predicts, `parameters` what `GET /images` takes. */
export function searchForm(onchange) {
  let settling;
  const soon = () => { clearTimeout(settling); settling = setTimeout(onchange, TYPED); };
  const name = h('input', {type: 'search', id: 'search-name', maxLength: 200, placeholder: texts.search.name, 'aria-label': texts.search.name, oninput: soon});
  const sort = h('select', {id: 'search-sort', 'aria-label': texts.search.sort, onchange},
    option('newest', texts.search.newest), option('oldest', texts.search.oldest), option('name', texts.search.byName));
  const predicted = h('select', {id: 'search-predicted', onchange});
  const from = h('input', {type: 'date', id: 'search-from', onchange});
  const to = h('input', {type: 'date', id: 'search-to', onchange});
  const field = (text, input) => h('label', {class: 'row', for: input.id}, text, input);
  const guessed = field(texts.search.predicted, predicted);
  const element = h('form', {class: 'search row', role: 'search', onsubmit: event => { event.preventDefault(); onchange(); }},
    name, sort, h('details', {}, h('summary', {}, texts.search.more),
      h('div', {class: 'row'}, guessed, field(texts.search.from, from), field(texts.search.to, to))));
  return {
    element,
    classes(names) {
      const chosen = predicted.value;
      predicted.replaceChildren(option('', texts.search.any), ...names.map(label => option(label, label)));
      predicted.value = names.includes(chosen) ? chosen : '';
      guessed.hidden = !names.length;
    },
    parameters: () => searched({name: name.value.trim(), predicted: predicted.value, from: from.value, to: to.value, sort: sort.value}),
    leave: () => clearTimeout(settling),
  };
}
