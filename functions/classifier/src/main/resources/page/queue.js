/* Unlabelled images, most useful first; one key press labels one and its look-alikes. */

function queueView(page) {
  let images = [];
  let classes = [];
  let last = null;
  let working = false;
  const body = h('div', {});
  const current = () => images[0];

  async function load() {
    body.replaceChildren(busy());
    try {
      const [queue, found] = await Promise.all([api('GET', '/queue?limit=20'), labels()]);
      images = queue.images;
      classes = found.labels.map(({label}) => label);
      draw();
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }

  function choice(label, key, main = false) {
    return h('button', {type: 'button', class: main ? 'button main' : 'button', onclick: () => give(label)}, h('kbd', {'aria-hidden': 'true'}, key), label);
  }

  function draw() {
    const image = current();
    if (!image) {
      body.replaceChildren(empty('Nothing waits for a label', 'Every image that Graft has read carries one. New unlabelled pictures show up here.', button('Look again', load)));
      return;
    }
    const rest = classes.filter(label => label !== image.suggestion);
    body.replaceChildren(h('div', {class: 'review'},
      h('div', {}, h('img', {class: 'photo', src: image.url, alt: fileName(image.key)}), h('p', {class: 'muted small-text mono'}, image.key)),
      h('div', {class: 'card'},
        h('p', {class: 'muted'}, `Probably (${percent(image.probability)})`),
        h('div', {class: 'choices'}, choice(image.suggestion, 'Enter', true)),
        h('p', {class: 'muted'}, 'or'),
        h('div', {class: 'choices', role: 'group', 'aria-label': 'Other labels'},
          rest.map((label, i) => choice(label, i < 9 ? String(i + 1) : '·'))),
        h('div', {class: 'row'},
          h('button', {type: 'button', class: 'button', onclick: other}, h('kbd', {'aria-hidden': 'true'}, 'N'), 'New label'),
          h('button', {type: 'button', class: 'button', onclick: skip}, h('kbd', {'aria-hidden': 'true'}, 'S'), 'Skip'),
          last ? h('button', {type: 'button', class: 'button', onclick: undo}, h('kbd', {'aria-hidden': 'true'}, 'U'), 'Undo') : null),
        image.alike.length ? h('fieldset', {class: 'alike'},
          h('legend', {}, 'The same label for these look-alikes'),
          h('div', {class: 'tiles'}, image.alike.map(({key, url}) =>
            h('label', {class: 'tile'}, h('input', {type: 'checkbox', checked: true, value: key}), h('img', {src: url, alt: fileName(key)}))))) : null)));
  }

  async function give(label) {
    if (working) return;
    working = true;
    const keys = [current().key, ...[...body.querySelectorAll('.alike input:checked')].map(box => box.value)];
    try {
      await api('POST', '/labels', {keys, label});
      last = keys;
      images = images.filter(({key}) => !keys.includes(key));
      images.forEach(image => { image.alike = image.alike.filter(({key}) => !keys.includes(key)); });
      note(`${count(keys.length, 'image')} labelled ${label}`);
      if (!classes.includes(label)) classes = [...classes, label].sort();
      if (images.length) draw(); else await load();
    } catch (error) {
      note(error.message, {bad: true});
    } finally {
      working = false;
    }
  }

  async function undo() {
    if (!last || working) return;
    try {
      await api('POST', '/labels', {keys: last, label: null});
      last = null;
      note('Label taken back');
      await load();
    } catch (error) {
      note(error.message, {bad: true});
    }
  }

  function skip() {
    images.push(images.shift());
    draw();
  }

  async function other() {
    const label = await ask({title: 'New label', label: 'Name', action: 'Label'});
    if (label) give(label);
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !current() || document.querySelector('dialog')) return;
    if (event.target.matches('input[type=text]')) return;
    const rest = classes.filter(label => label !== current().suggestion);
    if (/^[1-9]$/.test(event.key) && rest[event.key - 1]) give(rest[event.key - 1]);
    else if (event.key === 'Enter' && !event.target.closest('a, button, input')) give(current().suggestion);
    else if (event.key === 's') skip();
    else if (event.key === 'u') undo();
    else if (event.key === 'n') { event.preventDefault(); other(); }
  }

  document.addEventListener('keydown', key);
  page.append(heading('Label these first', 'The images whose label teaches most. Keys: Enter accepts, numbers choose, S skips, N names a new label, U takes back.'), body);
  load();
  return () => document.removeEventListener('keydown', key);
}
