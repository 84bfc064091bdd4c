/* What a camera sees: predicted again and again, and kept under a label by one button. */

import {api} from './api.js';
import {asJpeg} from './convert.js';
import {complain, note} from './dialogs.js';
import {button, h, labelInput} from './dom.js';
import {percent} from './format.js';
import {labelOfNew} from './labels.js';
import {texts} from './texts.js';
import {upload} from './upload.js';

const PAUSE = 600; // milliseconds from one question to the next at least
const LIVE_SIDE = 640; // pixels of the longer side of a frame that is asked about
const KEPT_SIDE = 2048; // of one that is kept

/** Whether this page may have a live camera; browsers give it to secure pages alone. */
export const hasCamera = () => Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia);

/** Asks again and again, one question at a time, until it is `over`; `ask` gives what `show` is called with. */
export async function again(ask, show, over, pause = PAUSE) {
  while (!over()) {
    const next = new Promise(done => setTimeout(done, pause));
    const answer = document.hidden ? null : await ask().catch(error => ({error}));
    if (answer && !over()) show(answer);
    await next;
  }
}

/** The picture of a moment, as a file. */
async function frame(video, longest) {
  const jpeg = await asJpeg(video, video.videoWidth, video.videoHeight, longest);
  return new File([jpeg], `camera-${Date.now()}.jpg`, {type: 'image/jpeg'});
}

/** The card with the live picture; `closed` is called when it ends, and `stop` ends it. */
function liveCard(stream, closed) {
  let kept = 0;
  const video = h('video', {class: 'photo', muted: true, autoplay: true, playsInline: true, srcObject: stream, 'aria-label': texts.camera.live});
  const told = h('p', {class: 'verdict'}, '…');
  const sure = h('p', {class: 'muted'});
  const label = labelInput('camera-label', {required: true});
  const stop = () => {
    stream.getTracks().forEach(track => track.stop());
    card.remove();
    closed();
  };

  async function keep(event) {
    event.preventDefault();
    try {
      const name = labelOfNew(label.value);
      await upload(await frame(video, KEPT_SIDE), name);
      note(texts.camera.kept(++kept, name));
    } catch (error) {
      complain(error);
    }
  }

  function show({error, label: predicted, known, probabilities}) {
    told.textContent = error ? '–' : predicted;
    sure.textContent = error ? error.message : known === false ? texts.classify.unknown : percent(probabilities[0].probability);
  }

  const card = h('section', {class: 'prediction camera', 'aria-label': texts.camera.live}, video,
    h('div', {class: 'card'}, h('div', {}, told, sure),
      h('form', {class: 'stack', onsubmit: keep},
        h('div', {class: 'field'}, h('label', {for: 'camera-label'}, texts.classify.keepAs), label),
        h('div', {class: 'row'}, h('button', {class: 'button main'}, texts.camera.keep), button(texts.camera.stop, stop)))));
  const ready = () => video.videoWidth > 0;
  again(async () => ready() ? api('POST', '/classify?top=1&keep=false', await frame(video, LIVE_SIDE)) : null, show, () => !stream.active);
  return {card, stop};
}

/**
 * A way to the camera: the live one, or where the browser gives none the camera app of a phone, whose picture goes to
 * `onfile`. `opened` is called when the live one begins. Gives its element and what ends it.
 */
export function camera({onfile, opened}) {
  let stop = () => {};
  if (!hasCamera()) {
    const input = h('input', {type: 'file', class: 'hidden', accept: 'image/*', onchange: () => { if (input.files.length) onfile(input.files[0]); input.value = ''; }});
    input.setAttribute('capture', 'environment');
    return {
      element: h('div', {class: 'camera-way'}, h('label', {class: 'button'}, input, texts.camera.take), h('p', {class: 'muted small-text'}, texts.camera.plainHttp)),
      stop,
    };
  }
  let left = false;
  const open = button(texts.camera.open, async () => {
    open.disabled = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment', width: {ideal: 1280}}});
      const live = liveCard(stream, () => { open.disabled = false; });
      stop = live.stop;
      if (left) return stop();
      opened();
      element.append(live.card);
    } catch ({name}) {
      open.disabled = false;
      complain({message: {NotAllowedError: texts.camera.notAllowed, NotFoundError: texts.camera.none}[name] || texts.camera.busy});
    }
  });
  const element = h('div', {class: 'camera-way'}, open);
  return {element, stop: () => { left = true; stop(); }};
}
