/* Labels that the head doubts: it was sure of another class while it had not seen the image. */

function doctorView(page) {
  const body = h('div', {'aria-live': 'polite'});
  page.append(heading('Label doctor', 'Labels that look wrong, most doubtful first. Put them right or keep them; the next training takes it in.'), body);

  async function settle(card, suspect, label) {
    try {
      if (label !== suspect.label) await api('PUT', '/images/label' + query({key: suspect.key}), {label});
      remember(suspect);
      const next = card.nextElementSibling || card.previousElementSibling;
      card.remove();
      if (next) next.querySelector('button').focus();
      else done();
      note(label === suspect.label ? `Kept as ${label}` : `Labelled ${label}`);
    } catch (error) {
      note(error.message, {bad: true});
    }
  }

  // a label that was looked at once is not asked about again in this browser
  const settled = () => JSON.parse(localStorage.getItem('settled') || '[]');
  const id = ({key, label}) => key + '\n' + label;
  const remember = suspect => localStorage.setItem('settled', JSON.stringify([...settled(), id(suspect)].slice(-5000)));

  function done() {
    body.replaceChildren(empty('No doubtful labels', 'Nothing else stands out among the images of the last training.'));
  }

  function card(suspect) {
    const item = h('li', {class: 'card suspect'},
      h('img', {src: 'images/content' + query({key: suspect.key}), alt: fileName(suspect.key), loading: 'lazy'}),
      h('p', {}, 'Labelled ', chip(suspect.label), ', looks like ', chip(suspect.suggestion)),
      h('p', {class: 'muted mono clip', title: suspect.key}, suspect.key),
      h('div', {class: 'row'},
        button('It is ' + suspect.suggestion, () => settle(item, suspect, suspect.suggestion), {class: 'button main small'}),
        button('Keep ' + suspect.label, () => settle(item, suspect, suspect.label), {class: 'button small'})));
    return item;
  }

  async function load() {
    body.replaceChildren(busy());
    try {
      const latest = await headInUse(body);
      if (!latest) return;
      const seen = new Set(settled());
      const found = (await api('GET', '/heads/' + latest.version)).validation.labelDoctor?.first || [];
      const suspects = found.filter(suspect => !seen.has(id(suspect)));
      if (suspects.length) body.replaceChildren(h('ul', {class: 'suspects'}, suspects.map(card)));
      else done();
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  load();
}
