/* Pictures on their way in: from this page, or from anywhere into the bucket. */

/** The label of a file: the one typed, else the folder it was chosen with. */
function labelOf(file, typed) {
  const folders = (file.webkitRelativePath || '').split('/').slice(1, -1);
  return typed || labelForKey(folders[0] || '');
}

/** Runs `task` on all items, four at a time. */
async function fourAtATime(items, task) {
  const rest = [...items];
  await Promise.all([1, 2, 3, 4].map(async () => {
    while (rest.length) await task(rest.shift());
  }));
}

const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

/** Uploads pictures and tells how far their features are. */
function addPictures(stopped, done) {
  const label = h('input', {type: 'text', id: 'add-label', maxLength: 128, autocomplete: 'off', placeholder: 'none yet'});
  label.setAttribute('list', 'labels');
  const folder = h('input', {type: 'file', class: 'hidden', webkitdirectory: true, 'aria-label': 'Choose a folder',
    onchange: () => { add([...folder.files].filter(file => file.type.startsWith('image/'))); folder.value = ''; }});
  const progress = h('div', {role: 'status'});

  async function add(files) {
    let typed;
    try {
      typed = labelForKey(label.value);
    } catch (error) {
      return note(error.message, {bad: true});
    }
    const bar = h('progress', {max: 2 * files.length, value: 0, 'aria-label': 'Progress'});
    const text = h('p', {});
    progress.replaceChildren(text, bar);
    const waiting = new Set();
    const refused = [];
    let uploaded = 0;
    const tell = () => {
      const read = uploaded - waiting.size;
      text.textContent = `Uploaded ${uploaded} of ${files.length}, read ${read}`;
      bar.value = uploaded + read + 2 * refused.filter(({key}) => !key).length;
    };
    tell();
    try {
      const newest = (await api('GET', '/images?limit=1')).images[0]?.time || '';
      const uploading = fourAtATime(files, async file => {
        try {
          waiting.add(await upload(file, labelOf(file, typed)));
          uploaded++;
        } catch (error) {
          refused.push({name: file.name, reason: error.message});
        }
        tell();
      });
      let over = false;
      uploading.then(() => { over = true; });
      for (let patience = 120; patience > 0 && !stopped() && !(over && !waiting.size); patience--) {
        const before = waiting.size;
        await forgetRead(waiting, newest, refused);
        tell();
        if (!over || waiting.size < before) patience = 120;
        await pause(0.7);
      }
      if (stopped()) return;
      const read = uploaded - waiting.size - refused.filter(({key}) => key).length;
      progress.replaceChildren(h('p', {}, `${count(read, 'picture')} added.` + (waiting.size ? ` ${waiting.size} are still being read.` : '')),
        h('ul', {class: 'refused'}, refused.map(({name, reason}) => h('li', {}, h('span', {class: 'mono'}, name), h('span', {class: 'muted'}, reason)))));
      done();
    } catch (error) {
      progress.replaceChildren(problem(error));
    }
  }

  /** Takes out what has a feature or was refused, among what came after `newest`. */
  async function forgetRead(waiting, newest, refused) {
    if (!waiting.size) return;
    const unreadable = await api('GET', '/unreadable');
    for (const {key, reason} of unreadable.images) if (waiting.delete(key)) refused.push({key, name: fileName(key), reason});
    let cursor = null;
    do {
      const page = await api('GET', '/images' + query(cursor ? {limit: 200, cursor} : {limit: 200}));
      page.images.forEach(({key}) => waiting.delete(key));
      cursor = page.images.some(({time}) => time < newest) ? null : page.cursor;
    } while (cursor && waiting.size);
  }

  return h('details', {class: 'card'}, h('summary', {}, 'Add pictures'),
    h('div', {class: 'field'}, h('label', {for: 'add-label'}, 'Label of the new pictures'), label),
    dropZone({text: 'Choose pictures', hint: 'or drop them here', multiple: true, compact: true, onfiles: add}),
    h('p', {class: 'small-text'}, h('label', {class: 'link'}, folder, 'Choose a folder'), ' with a subfolder for each class. ',
      h('span', {class: 'muted'}, 'Whatever else lands in the images bucket shows up here too.')),
    progress);
}

/** Tells how many images are read and, while the number grows, by how many; `grown` is called each time. Gives what stops it. */
function watchIngest(line, grown) {
  let first = null;
  let last = null;
  let still = 0;
  let stopped = false;

  function tell({images, unlabelled}) {
    still = last === null || images === last ? still + 1 : 0;
    if (still > 4) first = images;
    const arriving = images > (first ?? images);
    line.classList.toggle('live', arriving);
    line.textContent = arriving
      ? `Reading new pictures: ${images - first} so far, ${count(images, 'image')} in all`
      : `${count(images, 'image')} read, ${unlabelled.toLocaleString('en')} without label`;
    if (last !== null && images !== last) grown();
    first ??= images;
    last = images;
  }

  async function watch() {
    while (!stopped) {
      if (document.visibilityState === 'visible') {
        try {
          const status = await api('GET', '/status');
          if (!stopped) tell(status);
        } catch { /* the view itself tells what is wrong */ }
      }
      await pause(3);
    }
  }
  watch();
  return () => { stopped = true; };
}
