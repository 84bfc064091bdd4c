/* The labelled and unlabelled images: look, select, relabel, rename, delete. */

import {addPictures} from './add.js';
import {api, query} from './api.js';
import {watchArrivals} from './arrivals.js';
import {bulkBar} from './bulk.js';
import {classButtons, newClassButton} from './classes.js';
import {ask, complain} from './dialogs.js';
import {button, empty, h, heading, kbd, problem, swatch} from './dom.js';
import {filterBar} from './filters.js';
import {number} from './format.js';
import {findHead, notLearned} from './heads.js';
import {labels} from './labels.js';
import {searchForm} from './search.js';
import {checklist, firstAnswer} from './start.js';
import {askStatus} from './status.js';
import {deleteAll, pageByPage} from './steps.js';
import {texts} from './texts.js';
import {tile} from './tile.js';
import {noteChanges} from './undo.js';

const PAGE = 60;

// which images are looked at
const ALL = {};
const UNLABELLED = {unlabelled: true};
const UNREADABLE = {unreadable: true};
const ofLabel = label => ({label});

export function imagesView(page) {
  const linked = new URLSearchParams(location.hash.split('?')[1]).get('label');
  let filter = linked ? ofLabel(linked) : ALL;
  let shown = new Map();
  let cursor = null, left = false;
  let counts = new Map(); // images by label, null for none
  let stored = 0, total = 0; // images altogether, and of the list that is looked at
  let loading = 0; // number of the list that was asked for last
  let beyond = new Map(); // selected images that are not shown, with their labels
  let several = false; // labels an image: each is found and renamed by itself
  const filters = filterBar();
  const tiles = h('div', {class: 'tiles'});
  const state = h('div', {});
  const more = button(texts.images.more, () => load(cursor), {hidden: true});
  const showClass = label => look(label === null ? ALL : ofLabel(label));
  const ofClass = classButtons({
    current: () => ({label: filter.label, images: counts.get(filter.label) || 0, several}),
    show: showClass,
    refresh,
  });
  const removing = button(texts.images.removeAll, removeAll, {hidden: true, class: 'button danger'});
  const search = searchForm(() => look(filter));
  const selected = () => [...[...tiles.querySelectorAll('input:checked')].map(box => box.value), ...beyond.keys()];
  const bulk = bulkBar({
    selected,
    labelOfKey: key => shown.has(key) ? shown.get(key).label : beyond.get(key),
    select,
    rest: () => cursor ? total : shown.size,
    selectRest,
    refresh,
  });

  function select(all) {
    beyond = new Map();
    tiles.querySelectorAll('input').forEach(box => { box.checked = all; });
    bulk.changed();
  }

  /** Selects what the list has and does not show, too. */
  async function selectRest() {
    const found = new Map();
    await pageByPage(texts.images.selecting, listed(), total, images => {
      for (const {key, label} of images) if (!shown.has(key)) found.set(key, label);
    });
    select(true);
    beyond = found;
    bulk.changed();
  }

  async function removeAll() {
    if (!await ask({title: texts.images.confirmRemove(total), text: texts.images.removeText, action: texts.images.remove})) return;
    try {
      const {done, complete, changes} = await deleteAll(listed(), total);
      noteChanges(complete ? texts.images.removed(done) : texts.steps.stopped(done), changes, refresh);
    } catch (error) {
      complain(error);
    }
    await refresh();
  }

  /** The parameters of the list that is looked at. */
  function listed() {
    const which = filter === UNLABELLED ? {unlabelled: true} : {};
    return {...filter.label ? {label: filter.label, several} : which, ...search.parameters()};
  }

  function filterButton(text, n, which) {
    const pressed = filter === which || Boolean(which.label) && filter.label === which.label;
    return h('button', {type: 'button', 'aria-pressed': String(pressed), onclick: () => look(which)}, text, which.label ? swatch(which.label) : '', h('span', {class: 'n'}, number(n)));
  }

  function look(which) {
    filter = which;
    loading++; // whatever is on its way was asked for by another filter
    beyond = new Map();
    shown = new Map();
    tiles.replaceChildren();
    return refresh();
  }

  /** Files that could not become a feature, with reasons. */
  function list(files) {
    loading++;
    more.hidden = removing.hidden = true;
    state.replaceChildren(h('ul', {class: 'card refused'}, files.map(({key, reason}) =>
      h('li', {}, h('span', {class: 'mono'}, key), h('span', {class: 'muted'}, reason)))));
    bulk.changed();
  }

  async function refresh() {
    try {
      const head = await findHead();
      if (head) several = head.activation === 'sigmoid';
      if (!head && !start.hasChildNodes()) start.replaceChildren(checklist(learned, card));
      const [found, unreadable] = await Promise.all([labels(several), api('GET', '/unreadable?limit=200')]);
      if (left) return;
      rest.replaceChildren(head && notLearned(head, found) || '');
      search.classes(head ? head.classes : []);
      search.element.hidden = filter === UNREADABLE;
      filters.show([
        filterButton(texts.images.all, found.labelled + found.unlabelled, ALL),
        found.unlabelled ? filterButton(texts.images.withoutLabel, found.unlabelled, UNLABELLED) : '',
        ...found.labels.map(({label, images}) => filterButton(label, images, ofLabel(label))),
        found.noneOfThese ? filterButton(texts.noneOfThese, found.noneOfThese, ofLabel(texts.noneLabel)) : '',
        unreadable.count ? filterButton(texts.images.unreadable, unreadable.count, UNREADABLE) : ''].filter(Boolean));
      counts = new Map(found.labels.map(({label, images}) => [label, images])).set(null, found.unlabelled).set(texts.noneLabel, found.noneOfThese);
      ofClass.show();
      stored = found.labelled + found.unlabelled;
      if (filter === UNREADABLE) list(unreadable.images); else await load(null);
    } catch (error) {
      state.replaceChildren(problem(error, refresh));
    }
  }

  async function load(from) {
    const mine = ++loading;
    if (!from) more.hidden = true;
    const found = await api('GET', '/images' + query({...listed(), limit: PAGE, ...from && {cursor: from}}));
    if (left || mine !== loading) return; // another list was asked for meanwhile
    const before = shown;
    total = found.count ?? (filter === ALL ? stored : counts.get(filter.label ?? null));
    removing.hidden = !total || filter === ALL && found.count === null;
    if (!from) {
      beyond = new Map();
      shown = new Map();
      tiles.replaceChildren();
    }
    for (const image of found.images) {
      const known = before.get(image.key);
      if (!known || known.label !== image.label) image.tile = tile(image, bulk.changed, refresh);
      shown.set(image.key, image.tile ? image : known);
      tiles.append(shown.get(image.key).tile);
    }
    cursor = found.cursor;
    more.hidden = !cursor;
    const none = found.count === null ? [texts.images.none, texts.images.remedy] : [texts.images.nothingFound, texts.images.nothingRemedy];
    state.replaceChildren(shown.size ? found.count === null ? '' : h('p', {class: 'muted', role: 'status'}, texts.images.found(total)) : empty(...none));
    bulk.changed();
  }

  function learned() {
    start.replaceChildren(firstAnswer());
    return refresh();
  }

  const start = h('div', {});
  const rest = h('div', {});
  const card = addPictures(() => left, () => { refresh(); askStatus(); });
  const ingest = h('p', {class: 'muted ingest', role: 'status'});
  page.append(heading(texts.images.title, [texts.images.lead, h('span', {class: 'keys'}, texts.images.keys(kbd('Space'), kbd('Enter')))], newClassButton(showClass), ofClass.element, removing),
    ofClass.palette, card, start, ingest, rest, filters.element, search.element, state, tiles, h('div', {}, more));
  tiles.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !selected().length) return;
    event.preventDefault();
    bulk.focus();
  });
  refresh();
  // pages further down and a selection stay as they are while pictures arrive
  watchArrivals(ingest, () => { if (!selected().length && shown.size <= PAGE) refresh(); });
  return () => {
    left = true;
    search.leave();
    bulk.leave();
  };
}
