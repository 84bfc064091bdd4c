/* One picture in, a prediction with its reasons out. */

import {api} from './api.js';
import {camera} from './camera.js';
import {busy, chip, h, heading, problem, swatch, whatIsKept} from './dom.js';
import {whyButton} from './explain.js';
import {doubt, feedback, keepFile, labelStored} from './feedback.js';
import {fileName, percent} from './format.js';
import {headInUse, notLearned} from './heads.js';
import {labels} from './labels.js';
import {picture, thumbnail} from './picture.js';
import {severalView} from './several.js';
import {texts} from './texts.js';
import {dropZone, forRequest} from './upload.js';

/** The probabilities of classes. */
export function bars(probabilities) {
  return h('ol', {class: 'bars', 'aria-label': texts.classify.probabilities}, probabilities.map(({label, probability}) =>
    h('li', {}, h('span', {class: 'name', title: label}, swatch(label), label),
      h('span', {class: 'track', 'aria-hidden': 'true'}, h('i', {style: {'--part': 100 * probability + '%'}})),
      h('span', {class: 'value'}, percent(probability)))));
}

/** Similar images. */
export function thumbs(images) {
  return h('div', {class: 'thumbs'}, images.map(image =>
    h('figure', {}, thumbnail(image, {title: image.key}),
      h('figcaption', {}, image.label ? chip(image.label) : h('span', {class: 'muted'}, texts.unlabelled),
        h('span', {class: 'muted'}, texts.classify.alike(image.similarity))))));
}

/** How sure the prediction is, in words. */
export function sureness({known, probabilities: [{probability}]}) {
  if (known === false) return texts.classify.ifKnown;
  return known && probability >= 0.9 ? texts.classify.sure : probability >= 0.6 ? texts.classify.probable : texts.classify.unsure;
}

/** What is to be said before the prediction, if anything is. */
export function warning({known, notLearned}) {
  if (notLearned) return texts.classify.notLearned(notLearned);
  return known === false ? texts.classify.unknown : '';
}

/** What the settings say about a prediction, if there is more to say than its label. */
export function advice({known, verdict, labels}) {
  if (!known) return '';
  if (verdict.action === 'review') return texts.classify.review(verdict.reason);
  return verdict.label === labels.join('+') ? '' : texts.classify.cheaper(verdict.label);
}

function predictionView(image, prediction, ...more) {
  return h('section', {class: prediction.known === false ? 'prediction unlike' : 'prediction', 'aria-label': texts.classify.region},
    image,
    h('div', {class: 'card'},
      prediction.known ? null : h('div', {class: 'unknown'},
        warning(prediction) ? h('strong', {}, warning(prediction)) : null, h('span', {class: 'small-text sentence'}, prediction.reason)),
      h('div', {}, h('p', {class: 'muted'}, sureness(prediction)), h('p', {class: 'verdict'}, prediction.labels.join(' + ')),
        advice(prediction) ? h('p', {class: 'small-text advice'}, advice(prediction)) : null),
      bars(prediction.probabilities),
      prediction.evidence && prediction.evidence.length
        ? [h('h2', {}, texts.classify.evidence), thumbs(prediction.evidence)] : null,
      more,
      h('p', {class: 'muted small-text'}, texts.classify.madeBy(prediction))));
}

/** A view that asks `path` about a picture; `more` gives what stands below the prediction for a file. */
function photoView(page, {title, lead, path, more = () => null, beside = () => ({})}) {
  let url = null;
  let asked = 0;
  const result = h('div', {'aria-live': 'polite'});
  const start = h('div', {});
  const zone = dropZone({text: texts.classify.choose, hint: texts.classify.hint, multiple: true, onfiles: files => files.length > 1 ? classifyAll(files) : classify(files[0])});

  async function predict(name, body, view) {
    const mine = ++asked;
    start.replaceChildren();
    result.replaceChildren(busy(texts.classify.busy(name)));
    try {
      const prediction = await api('POST', path, await body());
      if (mine !== asked) return;
      zone.classList.add('compact');
      result.replaceChildren(view(prediction));
    } catch (error) {
      if (mine === asked) result.replaceChildren(problem(error));
    }
  }

  function classify(file) {
    if (url) URL.revokeObjectURL(url);
    url = URL.createObjectURL(file);
    const photo = h('img', {class: 'photo', src: url, alt: texts.classify.yours(file.name)});
    return predict(file.name, () => forRequest(file), prediction => predictionView(photo, prediction, more(file, prediction, photo)));
  }

  function classifyAll(files) {
    const mine = ++asked;
    start.replaceChildren();
    zone.classList.add('compact');
    result.replaceChildren(severalView(files, path.split('&')[0], () => mine !== asked));
  }

  const paste = event => {
    const file = [...event.clipboardData.files][0];
    if (file) classify(file);
  };
  document.addEventListener('paste', paste);
  const way = beside({onfile: classify, opened() {
    asked++;
    zone.classList.add('compact');
    start.replaceChildren();
    result.replaceChildren();
  }});
  page.append(heading(title, lead), zone, way.element ?? '', start, result);
  return {
    zone, way, start, predict,
    untouched: () => asked === 0,
    leave() {
      asked++;
      way.stop?.();
      document.removeEventListener('paste', paste);
      if (url) URL.revokeObjectURL(url);
    },
  };
}

export function classifyView(page) {
  let inUse; // the head, once it is known: a picture may be asked about before

  /** Which classes the head in use has not learned, as soon as that is known. */
  function lacks() {
    const place = h('div', {});
    const find = async () => {
      const head = await inUse;
      const found = await labels(head?.activation === 'sigmoid');
      place.append(head && notLearned(head, found) || '');
    };
    find().catch(() => { /* only suggestions while typing are missing */ });
    return place;
  }

  const why = (photo, body) => whyButton(photo, async () => api('POST', '/classify?top=5&explain=true&keep=false', await body()));
  const more = (file, prediction, photo) => [why(photo, () => forRequest(file)), feedback(prediction, label => keepFile(file, label)), lacks()];
  const view = photoView(page, {title: texts.classify.title, lead: texts.classify.lead(whatIsKept()), path: '/classify?top=5&evidence=true', more, beside: camera});

  function classifyStored(image) {
    const name = fileName(image.key);
    const photo = picture(image, {class: 'photo', alt: texts.classify.yours(name)});
    return view.predict(name, () => ({key: image.key}), prediction => predictionView(photo, prediction, why(photo, () => ({key: image.key})),
      feedback(prediction, label => labelStored([image.key], label)), lacks()));
  }

  /** What to begin with: some unlabelled pictures to ask about, or how to get a head. */
  async function suggest() {
    try {
      inUse = headInUse(view.start, suggest);
      const head = await inUse;
      for (const way of [view.zone, view.way.element]) way.hidden = !head;
      if (!head) return;
      view.start.replaceChildren();
      const {images} = await api('GET', '/images?unlabelled=true&limit=8');
      if (!view.untouched() || !images.length) return;
      view.start.replaceChildren(h('section', {class: 'start'}, h('h2', {}, texts.classify.suggestions),
        h('div', {class: 'picks'}, images.map(image => h('button', {type: 'button', class: 'pick', onclick: () => classifyStored(image)},
          thumbnail(image, {alt: texts.classify.suggestion(fileName(image.key))}))))));
    } catch { /* the first prediction tells what is wrong */ }
  }
  suggest();
  return view.leave;
}

/** For whoever came by a share link: the same without anything that is stored. */
export function sharedView(page) {
  const view = photoView(page, {title: texts.shared.title, lead: texts.shared.lead(whatIsKept()), path: '/shared/classify?top=5', more: (file, prediction) => doubt(prediction)});
  api('GET', '/shared').then(
    about => { if (view.untouched()) view.start.replaceChildren(h('p', {class: 'muted'}, texts.shared.about(about))); },
    error => view.start.replaceChildren(problem(error)));
  return view.leave;
}
