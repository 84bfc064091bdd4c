/* The labelled and unlabelled images: look, select, relabel, rename, add, delete. */

function tile(image, onchange) {
  const box = h('input', {type: 'checkbox', value: image.key, onchange});
  return h('label', {class: 'tile'}, box,
    h('img', {src: image.url, alt: fileName(image.key), loading: 'lazy'}),
    image.label ? chip(image.label) : h('span', {class: 'muted'}, 'unlabelled'));
}

function imagesView(page) {
  let chosen = new URLSearchParams(location.hash.split('?')[1]).get('label');
  let unlabelled = false;
  let shown = new Map();
  let cursor = null;
  let left = false;
  const filters = h('div', {class: 'filters', role: 'group', 'aria-label': 'Labels'});
  const tiles = h('div', {class: 'tiles'});
  const state = h('div', {});
  const more = button('Show more', () => load(cursor));
  const label = h('input', {type: 'text', id: 'bulk-label', placeholder: 'Label', maxLength: 128, autocomplete: 'off'});
  label.setAttribute('list', 'labels');
  const selected = () => [...tiles.querySelectorAll('input:checked')].map(box => box.value);
  const number = h('strong', {role: 'status'});
  const bulk = h('form', {class: 'bulk row', 'aria-label': 'Selected images', onsubmit: event => { event.preventDefault(); relabel(label.value.trim()); }},
    number, h('label', {class: 'hidden', for: 'bulk-label'}, 'Label for the selected images'), label,
    h('button', {class: 'button main'}, 'Relabel'), button('Remove label', () => relabel(null)),
    button('Delete', remove), button('Clear', () => { tiles.querySelectorAll('input:checked').forEach(box => { box.checked = false; }); changed(); }));

  function changed() {
    const n = selected().length;
    number.textContent = n + ' selected';
    bulk.hidden = n === 0;
    bulk.style.display = n === 0 ? 'none' : '';
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
      const {changed: n} = await api('POST', '/labels/rename', {from: chosen, to});
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

  async function refresh() {
    try {
      const found = await labels();
      const total = found.unlabelled + found.labels.reduce((sum, {images}) => sum + images, 0);
      filters.replaceChildren(
        filter('All', total, !chosen && !unlabelled, () => { chosen = null; unlabelled = false; }),
        ...found.labels.map(({label, images}) => filter(label, images, chosen === label, () => { chosen = label; unlabelled = false; })),
        found.unlabelled ? filter('Unlabelled', found.unlabelled, unlabelled, () => { chosen = null; unlabelled = true; }) : '');
      renaming.disabled = !chosen;
      await load(null);
    } catch (error) {
      state.replaceChildren(problem(error, refresh));
    }
  }

  async function load(from) {
    const parameters = {limit: 60};
    if (from) parameters.cursor = from;
    if (chosen) parameters.label = chosen;
    if (unlabelled) parameters.unlabelled = true;
    const found = await api('GET', '/images' + query(parameters));
    if (left) return;
    if (!from) {
      shown = new Map();
      tiles.replaceChildren();
    }
    for (const image of found.images) {
      shown.set(image.key, image);
      tiles.append(tile(image, changed));
    }
    cursor = found.cursor;
    more.style.display = cursor ? '' : 'none';
    state.replaceChildren(shown.size ? '' : empty('No images here', 'Add pictures above, or copy a folder into the images bucket: one folder per class.'));
    changed();
  }

  const renaming = button('Rename or merge class', rename, {disabled: true});
  page.append(heading('Images', 'Newest first. Select some to give them another label.', renaming),
    addPictures(() => left, refresh), filters, state, tiles, h('div', {}, more), bulk);
  bulk.style.display = 'none';
  more.style.display = 'none';
  refresh();
  return () => { left = true; };
}

/** Uploads pictures and tells how far their features are. */
function addPictures(stopped, done) {
  const label = h('input', {type: 'text', id: 'add-label', maxLength: 128, autocomplete: 'off', placeholder: 'none yet'});
  label.setAttribute('list', 'labels');
  const progress = h('div', {role: 'status'});

  async function add(files) {
    const name = label.value.trim();
    if (/[/]|^\.+$/.test(name)) return note('A label for new pictures cannot hold a slash or be only dots: choose another.', {bad: true});
    const bar = h('progress', {max: 2 * files.length, value: 0, 'aria-label': 'Progress'});
    const text = h('p', {}, '');
    progress.replaceChildren(text, bar);
    const waiting = new Set();
    try {
      for (const file of files) {
        text.textContent = `Uploading ${waiting.size + 1} of ${files.length}: ${file.name}`;
        waiting.add(await upload(file, name));
        bar.value = waiting.size;
      }
      await read(waiting, files.length, text, bar);
    } catch (error) {
      progress.replaceChildren(problem(error));
    }
  }

  async function read(waiting, total, text, bar) {
    bar.max = 2 * total;
    const refused = [];
    const end = Date.now() + 120_000;
    while (waiting.size && Date.now() < end && !stopped()) {
      text.textContent = `Read ${total - waiting.size} of ${total}`;
      const [known, unreadable] = await Promise.all([api('GET', '/images?limit=200'), api('GET', '/unreadable')]);
      known.images.forEach(({key}) => waiting.delete(key));
      unreadable.images.filter(({key}) => waiting.delete(key)).forEach(file => refused.push(file));
      bar.value = 2 * total - waiting.size;
      if (waiting.size) await new Promise(next => setTimeout(next, 700));
    }
    if (stopped()) return;
    const read = total - waiting.size - refused.length;
    progress.replaceChildren(h('p', {}, `${count(read, 'picture')} added.` + (waiting.size ? ` ${waiting.size} are still being read.` : '')),
      h('ul', {}, refused.map(({key, reason}) => h('li', {}, `${fileName(key)}: ${reason}`))));
    done();
  }

  return h('details', {class: 'card'}, h('summary', {}, 'Add pictures'),
    h('div', {class: 'field'}, h('label', {for: 'add-label'}, 'Label of the new pictures'), label),
    dropZone({text: 'Choose pictures', hint: 'or drop them here', multiple: true, compact: true, onfiles: add}), progress);
}
