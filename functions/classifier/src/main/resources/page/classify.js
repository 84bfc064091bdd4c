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
    h('figure', {}, h('img', {src: url, alt: fileName(key), title: key, loading: 'lazy'}),
      h('figcaption', {}, label ? chip(label) : h('span', {class: 'muted'}, 'unlabelled'),
        h('span', {class: 'muted'}, percent(Math.max(0, similarity)) + ' alike')))));
}

function sureness({known, probabilities: [{probability}]}) {
  if (!known) return 'If it had to be one of my classes';
  return probability >= 0.9 ? 'Quite sure' : probability >= 0.6 ? 'Probably' : 'Not sure, most likely';
}

function answerView(url, name, prediction, ...more) {
  return h('section', {class: prediction.known ? 'answer' : 'answer stranger', 'aria-label': 'Answer'},
    h('img', {class: 'photo', src: url, alt: 'Your picture ' + name}),
    h('div', {class: 'card'},
      prediction.known ? null : h('div', {class: 'unknown'},
        h('strong', {}, 'Unlike anything I know'), h('span', {class: 'small-text sentence'}, prediction.reason)),
      h('div', {}, h('p', {class: 'muted'}, sureness(prediction)), h('p', {class: 'verdict'}, prediction.labels.join(' + '))),
      bars(prediction.probabilities),
      prediction.evidence && prediction.evidence.length
        ? [h('h2', {}, 'Most like these of yours'), thumbs(prediction.evidence)] : null,
      more,
      h('p', {class: 'muted small-text'}, `Head ${prediction.head} on ${prediction.backbone.name}`)));
}

/** Keeps the picture under a label, so that the next training learns from it. */
function teach(file, label) {
  const input = h('input', {type: 'text', id: 'teach-label', value: label, required: true, maxLength: 128, autocomplete: 'off'});
  input.setAttribute('list', 'labels');
  const form = h('form', {class: 'row teach', onsubmit: async event => {
    event.preventDefault();
    try {
      const name = labelForKey(input.value);
      await upload(file, name);
      form.replaceWith(h('p', {class: 'muted', role: 'status'}, 'Kept as ', chip(name), '. The next training learns from it.'));
    } catch (error) {
      note(error.message, {bad: true});
    }
  }}, h('label', {for: 'teach-label'}, 'Keep it as'), input, h('button', {class: 'button'}, 'Add to my images'));
  return form;
}

function classifyView(page) {
  let url = null;
  let asked = 0;
  const result = h('div', {'aria-live': 'polite'});
  const start = h('div', {});
  const zone = dropZone({text: 'Choose a picture', hint: 'or drop it here, or paste it. JPEG, PNG, GIF or WebP.', onfiles: files => classify(files[0])});

  async function answer(name, body, view) {
    const mine = ++asked;
    start.replaceChildren();
    result.replaceChildren(busy('Looking at ' + name));
    try {
      const prediction = await api('POST', '/classify?top=5&evidence=true', await body());
      if (mine !== asked) return;
      zone.classList.add('compact');
      result.replaceChildren(view(prediction));
      labels();
    } catch (error) {
      if (mine === asked) result.replaceChildren(problem(error));
    }
  }

  function classify(file) {
    if (url) URL.revokeObjectURL(url);
    url = URL.createObjectURL(file);
    return answer(file.name, () => forRequest(file), prediction => answerView(url, file.name, prediction, teach(file, prediction.label)));
  }

  function classifyStored({key, url: link}) {
    return answer(fileName(key), () => ({key}), prediction => answerView(link, fileName(key), prediction));
  }

  /** What to begin with: some unlabelled pictures to ask about, or how to get a head. */
  async function suggest() {
    try {
      if (!await headInUse(start)) return;
      const {images} = await api('GET', '/images?unlabelled=true&limit=8');
      if (asked || !images.length) return;
      start.replaceChildren(h('section', {class: 'start'}, h('h2', {}, 'Or one of yours without label'),
        h('div', {class: 'picks'}, images.map(image =>
          h('button', {type: 'button', class: 'pick', onclick: () => classifyStored(image)}, h('img', {src: image.url, alt: 'Classify ' + fileName(image.key)}))))));
    } catch { /* the first question tells what is wrong */ }
  }

  const paste = event => {
    const file = [...event.clipboardData.files][0];
    if (file) classify(file);
  };
  document.addEventListener('paste', paste);
  page.append(heading('What is on this picture?', 'Graft compares it with the pictures you labelled. It stays in your account and is not kept.'), zone, start, result);
  suggest();
  return () => {
    asked++;
    document.removeEventListener('paste', paste);
    if (url) URL.revokeObjectURL(url);
  };
}
