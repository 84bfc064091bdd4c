/* Unlabelled images, most useful first; one key press labels one and its look-alikes. */

function queueView(page) {
  let images = [];
  let classes = [];
  let unlabelled = 0;
  let last = null;
  let working = false;
  const body = h('div', {});
  const current = () => images[0];

  async function load() {
    body.replaceChildren(busy());
    try {
      if (!await headInUse(body)) return;
      const [queue, found] = await Promise.all([api('GET', '/queue?limit=20'), labels()]);
      images = queue.images;
      classes = found.labels.map(({label}) => label);
      unlabelled = found.unlabelled;
      draw();
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }

  /** A class keeps its number whatever is suggested, so that fingers learn it. */
  function choice(label, i) {
    const suggested = label === current().suggestion;
    return h('button', {type: 'button', class: suggested ? 'button main' : 'button', onclick: () => give(label)},
      i < 9 ? kbd(i + 1) : null, label, suggested ? h('span', {class: 'aside'}, percent(current().probability)) : null);
  }

  function tool(key, text, onclick) {
    return h('button', {type: 'button', class: 'button small', onclick}, kbd(key), text);
  }

  function draw() {
    const image = current();
    if (!image) {
      body.replaceChildren(empty('Nothing waits for a label', 'Every image that Graft has read carries one. New unlabelled pictures show up here.', button('Look again', load)));
      return;
    }
    if (!classes.includes(image.suggestion)) classes.push(image.suggestion);
    body.replaceChildren(h('div', {class: 'review'},
      h('div', {}, h('img', {class: 'photo', src: image.url, alt: fileName(image.key)}),
        h('p', {class: 'muted small-text between'}, h('span', {class: 'mono'}, image.key), h('span', {}, count(unlabelled, 'image') + ' without label'))),
      h('div', {class: 'card'},
        h('h2', {}, 'What is it?'),
        h('div', {class: 'choices', role: 'group', 'aria-label': 'Labels'}, classes.map(choice)),
        h('div', {class: 'row'}, tool('N', 'New label', other), tool('S', 'Skip', skip), last ? tool('U', 'Undo', undo) : null),
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
      unlabelled -= keys.length;
      images = images.filter(({key}) => !keys.includes(key));
      images.forEach(image => { image.alike = image.alike.filter(({key}) => !keys.includes(key)); });
      note(`${count(keys.length, 'image')} labelled ${label}`);
      if (!classes.includes(label)) classes.push(label);
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
    if (/^[1-9]$/.test(event.key) && classes[event.key - 1]) give(classes[event.key - 1]);
    else if (event.key === 'Enter' && !event.target.closest('a, button, input')) give(current().suggestion);
    else if (event.key === 's') skip();
    else if (event.key === 'u') undo();
    else if (event.key === 'n') { event.preventDefault(); other(); }
  }

  document.addEventListener('keydown', key);
  page.append(heading('Label these first', ['The images whose label teaches most, look-alikes together. ',
    h('span', {class: 'keys'}, kbd('Enter'), ' accepts, ', kbd('1'), ' to ', kbd('9'), ' choose.')]), body);
  load();
  return () => document.removeEventListener('keydown', key);
}
