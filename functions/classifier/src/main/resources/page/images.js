/* The labelled and unlabelled images: look, select, relabel, rename, delete. */

const PAGE = 60;

function tile(image, onchange) {
  const box = h('input', {type: 'checkbox', value: image.key, onchange});
  return h('label', {class: 'tile'}, box,
    h('img', {src: image.url, alt: fileName(image.key), loading: 'lazy'}),
    image.label ? chip(image.label) : h('span', {class: 'muted'}, 'unlabelled'));
}

function imagesView(page) {
  let chosen = new URLSearchParams(location.hash.split('?')[1]).get('label');
  let unlabelled = false;
  let refused = false;
  let shown = new Map();
  let cursor = null;
  let left = false;
  let several = null; // labels an image: each is found and renamed by itself; unknown until asked
  const filters = h('div', {class: 'filters', role: 'group', 'aria-label': 'Labels'});
  const tiles = h('div', {class: 'tiles'});
  const state = h('div', {});
  const more = button('Show more', () => load(cursor));
  const label = h('input', {type: 'text', id: 'bulk-label', placeholder: 'Label', maxLength: 128, autocomplete: 'off'});
  label.setAttribute('list', 'labels');
  const selected = () => [...tiles.querySelectorAll('input:checked')].map(box => box.value);
  const number = h('strong', {role: 'status'});
  const select = all => { tiles.querySelectorAll('input').forEach(box => { box.checked = all; }); changed(); };
  const bulk = h('form', {class: 'bulk', 'aria-label': 'Selected images', onsubmit: event => { event.preventDefault(); relabel(label.value.trim()); }},
    h('div', {class: 'row'}, number, button('Select all shown', () => select(true), {class: 'link'}), button('Clear', () => select(false), {class: 'link'})),
    h('div', {class: 'row grow'}, h('label', {class: 'hidden', for: 'bulk-label'}, 'Label for the selected images'), label,
      h('button', {class: 'button main'}, 'Relabel')),
    h('div', {class: 'row'}, button('Remove label', () => relabel(null)), button('Delete', remove, {class: 'button danger'})));

  function changed() {
    const n = selected().length;
    number.textContent = n + ' selected';
    bulk.hidden = n === 0;
  }

  async function set(keys, to) {
    const result = await api('POST', '/labels', {keys, label: to});
    if (result.missing.length) note(count(result.missing.length, 'image is', 'images are') + ' not there any more', {bad: true});
    return result;
  }

  async function relabel(to) {
    if (to === '') return label.focus();
    const keys = selected();
    const before = Map.groupBy(keys, key => shown.get(key).label);
    try {
      await set(keys, to);
      await refresh();
      tiles.querySelector('input')?.focus({preventScroll: true});
      note(to ? `${count(keys.length, 'image')} labelled ${to}` : `${count(keys.length, 'image')} without label now`, {action: 'Undo', onaction: async () => {
        try {
          for (const [old, group] of before) await set(group, old);
          await refresh();
        } catch (error) { note(error.message, {bad: true}); }
      }});
    } catch (error) {
      note(error.message, {bad: true});
    }
  }

  async function remove() {
    const keys = selected();
    if (!await ask({title: `Delete ${count(keys.length, 'image')}?`, text: 'The files leave the bucket. This cannot be undone here.', action: 'Delete'})) return;
    try {
      for (const key of keys) await api('DELETE', '/images' + query({key}));
      note(count(keys.length, 'image') + ' deleted');
    } catch (error) {
      note(error.message, {bad: true});
    }
    await refresh();
  }

  async function rename() {
    const to = await ask({title: `Rename ${chosen}`, text: 'A name that another class has merges the two.', label: 'New name', value: chosen, action: 'Rename'});
    if (!to || to === chosen) return;
    try {
      const {changed: n} = await api('POST', '/labels/rename' + query({several}), {from: chosen, to});
      chosen = to;
      await refresh();
      note(`${count(n, 'image')} labelled ${to} now`);
    } catch (error) {
      note(error.message, {bad: true});
    }
  }

  function filter(text, n, pressed, choose) {
    return h('button', {type: 'button', 'aria-pressed': String(pressed), onclick: () => { choose(); refresh(); }}, text, n === null ? null : h('span', {class: 'n'}, n));
  }

  const show = which => () => {
    chosen = which.label || null;
    unlabelled = Boolean(which.unlabelled);
    refused = Boolean(which.refused);
    shown = new Map();
    tiles.replaceChildren();
  };

  /** Files that could not become a feature, with reasons. */
  function list(files) {
    more.hidden = true;
    state.replaceChildren(h('ul', {class: 'card refused'}, files.map(({key, reason}) =>
      h('li', {}, h('span', {class: 'mono'}, key), h('span', {class: 'muted'}, reason)))));
    changed();
  }

  async function refresh() {
    try {
      several ??= (await api('GET', '/heads')).heads.find(head => head.latest)?.activation === 'sigmoid';
      const [found, unreadable] = await Promise.all([labels(several), api('GET', '/unreadable')]);
      if (left) return;
      filters.replaceChildren(
        filter('All', found.labelled + found.unlabelled, !chosen && !unlabelled && !refused, show({})),
        found.unlabelled ? filter('Unlabelled', found.unlabelled, unlabelled, show({unlabelled: true})) : '',
        ...found.labels.map(({label, images}) => filter(label, images, chosen === label, show({label}))),
        unreadable.images.length ? filter('Unreadable', unreadable.images.length, refused, show({refused: true})) : '');
      renaming.hidden = !chosen;
      if (refused) list(unreadable.images); else await load(null);
    } catch (error) {
      state.replaceChildren(problem(error, refresh));
    }
  }

  async function load(from) {
    const parameters = {limit: PAGE};
    if (from) parameters.cursor = from;
    if (chosen) Object.assign(parameters, {label: chosen, several});
    if (unlabelled) parameters.unlabelled = true;
    const found = await api('GET', '/images' + query(parameters));
    if (left) return;
    const before = shown;
    if (!from) {
      shown = new Map();
      tiles.replaceChildren();
    }
    for (const image of found.images) {
      const known = before.get(image.key);
      if (!known || known.label !== image.label) image.tile = tile(image, changed);
      shown.set(image.key, image.tile ? image : known);
      tiles.append(shown.get(image.key).tile);
    }
    cursor = found.cursor;
    more.hidden = !cursor;
    state.replaceChildren(shown.size ? '' : empty('No images here', 'Add pictures above, or copy a folder into the images bucket: one folder per class.'));
    changed();
  }

  const renaming = button('Rename or merge class', rename, {hidden: true});
  const ingest = h('p', {class: 'muted ingest', role: 'status'});
  page.append(heading('Images', ['Newest first. Select some to give them another label. ', h('span', {class: 'keys'}, kbd('Space'), ' selects, ', kbd('Enter'), ' goes to the label.')], renaming),
    addPictures(() => left, refresh), ingest, filters, state, tiles, h('div', {}, more), bulk);
  bulk.hidden = true;
  more.hidden = true;
  tiles.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !selected().length) return;
    event.preventDefault();
    label.focus();
  });
  refresh();
  // pages further down and a selection stay as they are while pictures arrive
  const stop = watchIngest(ingest, () => { if (!selected().length && shown.size <= PAGE) refresh(); });
  return () => { left = true; stop(); };
}
