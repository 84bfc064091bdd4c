/* Every trained head; any of them can answer. */

/** Model and labels as files, to go on with elsewhere. */
function downloads() {
  const link = (path, text, hint) => h('li', {}, h('a', {href: 'export/' + path, download: path}, text), h('span', {class: 'muted'}, hint));
  return h('section', {class: 'card'}, h('h2', {}, 'Take it with you'),
    h('ul', {class: 'downloads'},
      link('model.onnx', 'Model', 'one ONNX file: image in, probabilities out'),
      link('labels.csv', 'Labels as CSV', 'key and label'),
      link('labels.manifest', 'Labels as manifest', 'SageMaker Ground Truth'),
      link('folders.txt', 'Folder list', 'one folder per class')));
}

function versionsView(page) {
  const body = h('div', {});
  page.append(heading('Versions', 'Each training makes one and none is ever overwritten, so going back is safe.'), body);

  async function preview(version, place) {
    place.replaceChildren(busy('Comparing on your images'));
    try {
      const {images, changed, changes} = await api('GET', `/heads/${version}/preview`);
      place.replaceChildren(
        h('p', {}, changed ? `${changed} of ${count(images, 'image')} would get another answer.` : `No answer would change on ${count(images, 'image')}.`),
        h('div', {class: 'thumbs'}, changes.slice(0, 24).map(change => h('figure', {class: 'change'},
          h('img', {src: change.url, alt: fileName(change.key), loading: 'lazy'}),
          h('figcaption', {}, chip(change.now), ' to ', chip(change.then))))));
    } catch (error) {
      place.replaceChildren(problem(error));
    }
  }

  async function promote(version, back, previous) {
    try {
      await api('PUT', '/heads/latest', {version});
      await load();
      frame();
      note(back ? 'Rolled back to ' + version : version + ' answers now', previous
        ? {action: 'Undo', onaction: () => promote(previous, !back, null)} : {});
    } catch (error) {
      note(error.message, {bad: true});
    }
  }

  function card(head, latest) {
    const back = latest && head.created < latest.created;
    const place = h('div', {class: 'preview', 'aria-live': 'polite'});
    return h('li', {class: 'card version'},
      h('div', {}, h('h2', {}, when(head.created) + ' ', head.latest ? h('span', {class: 'badge'}, 'answers now') : null),
        h('p', {}, `${percent(head.accuracy, 1)} right on ${count(head.images, 'image')}, ${count(head.classes.length, 'class', 'classes')}`),
        h('p', {class: 'muted mono'}, head.version)),
      head.latest ? null : h('div', {class: 'row'},
        button('What would change?', () => preview(head.version, place)),
        button(back ? 'Roll back' : 'Promote', () => promote(head.version, back, latest && latest.version), {class: 'button main', 'aria-label': `${back ? 'Roll back to' : 'Promote'} ${head.version}`})),
      head.latest ? null : place);
  }

  async function load() {
    try {
      const {heads} = await api('GET', '/heads');
      const latest = heads.find(head => head.latest);
      body.replaceChildren(heads.length
        ? h('div', {class: 'stack'}, h('ol', {class: 'stack'}, heads.map(head => card(head, latest))), downloads())
        : noHead());
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  body.append(busy());
  load();
}
