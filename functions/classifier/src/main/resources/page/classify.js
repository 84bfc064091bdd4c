/* One picture in, an answer with its reasons out. */

function dropZone({text, hint, multiple = false, compact = false, onfiles}) {
  const input = h('input', {type: 'file', class: 'hidden', accept: 'image/*', multiple,
    onchange: () => { if (input.files.length) onfiles([...input.files]); input.value = ''; }});
  const zone = h('label', {class: compact ? 'drop compact' : 'drop'}, input, icon('upload'), h('strong', {}, text), h('span', {class: 'muted'}, hint));
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    if (event.dataTransfer.files.length) onfiles([...event.dataTransfer.files]);
  });
  return zone;
}

function bars(probabilities) {
  return h('ol', {class: 'bars', 'aria-label': 'Probabilities'}, probabilities.map(({label, probability}) =>
    h('li', {}, h('span', {class: 'name'}, label),
      h('span', {class: 'track', 'aria-hidden': 'true'}, h('i', {style: {'--part': 100 * probability + '%'}})),
      h('span', {class: 'value'}, percent(probability)))));
}

function thumbs(images) {
  return h('div', {class: 'thumbs'}, images.map(({url, key, label, similarity}) =>
    h('figure', {}, h('img', {src: url, alt: fileName(key), loading: 'lazy'}),
      h('figcaption', {}, label ? chip(label) : h('span', {class: 'muted'}, 'unlabelled'), ' ',
        h('span', {class: 'muted'}, percent(Math.max(0, similarity)) + ' alike')))));
}

function sureness(probability) {
  return probability >= 0.9 ? 'Quite sure' : probability >= 0.6 ? 'Fairly sure' : 'Not sure';
}

function answerView(url, name, prediction) {
  const best = prediction.probabilities[0].probability;
  return h('section', {class: 'answer', 'aria-label': 'Answer'},
    h('img', {class: 'photo', src: url, alt: 'Your picture ' + name}),
    h('div', {class: 'card'},
      prediction.known ? null : h('div', {class: 'unknown'},
        h('strong', {}, 'Unlike anything I know'), h('span', {class: 'small-text'}, prediction.reason)),
      h('div', {}, h('p', {class: 'muted'}, prediction.known ? sureness(best) + ', this is' : 'If it had to be one of my classes'),
        h('p', {class: 'verdict'}, prediction.label)),
      bars(prediction.probabilities),
      prediction.evidence && prediction.evidence.length
        ? [h('h2', {}, 'Most like these of yours'), thumbs(prediction.evidence)] : null,
      h('p', {class: 'muted small-text'}, `Head ${prediction.head} on ${prediction.backbone.name}`)));
}

function classifyView(page) {
  let url = null;
  const result = h('div', {'aria-live': 'polite'});
  const zone = dropZone({text: 'Choose a picture', hint: 'or drop it here, or paste it. JPEG, PNG, GIF or WebP.', onfiles: files => classify(files[0])});

  async function classify(file) {
    result.replaceChildren(busy('Looking at ' + file.name));
    try {
      const prediction = await api('POST', '/classify?top=5&evidence=true', await forRequest(file));
      if (url) URL.revokeObjectURL(url);
      url = URL.createObjectURL(file);
      zone.classList.add('compact');
      result.replaceChildren(answerView(url, file.name, prediction));
    } catch (error) {
      result.replaceChildren(problem(error));
    }
  }

  const paste = event => {
    const file = [...event.clipboardData.files][0];
    if (file) classify(file);
  };
  document.addEventListener('paste', paste);
  page.append(heading('What is on this picture?', 'Graft compares it with the pictures you labelled. It stays in your account and is not kept.'), zone, result);
  return () => {
    document.removeEventListener('paste', paste);
    if (url) URL.revokeObjectURL(url);
  };
}
