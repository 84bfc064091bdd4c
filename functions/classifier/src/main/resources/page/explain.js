/* Where a picture speaks for a class and where against it, laid over the picture. */

import {busy, button, h, problem} from './dom.js';
import {texts} from './texts.js';

const SIDE = 640; // of the overlay, in pixels

const FOR = [245, 130, 30];
const AGAINST = [40, 90, 220];

/** The colours of a map: red, green, blue and opacity of each position, by how far it is from the mean of all. */
export function colours(values) {
  const all = values.flat();
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const most = Math.max(...all.map(value => Math.abs(value - mean))) || 1;
  return all.flatMap(value => [...value > mean ? FOR : AGAINST, Math.round(150 * Math.abs(value - mean) / most)]);
}

function paint(canvas, photo, {values}, seen) {
  const scale = SIDE / Math.max(photo.naturalWidth, photo.naturalHeight);
  canvas.width = Math.round(photo.naturalWidth * scale);
  canvas.height = Math.round(photo.naturalHeight * scale);
  const map = h('canvas', {width: values[0].length, height: values.length});
  const pixels = new Uint8ClampedArray(colours(values));
  map.getContext('2d').putImageData(new ImageData(pixels, map.width, map.height), 0, 0);
  const context = canvas.getContext('2d');
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(map, seen.left * canvas.width, seen.top * canvas.height, seen.width * canvas.width, seen.height * canvas.height);
}

/** A button that shows it in the place of `photo`; `ask` gives the prediction with its explanation. */
export function whyButton(photo, ask) {
  const place = h('div', {class: 'why'}, button(texts.why.ask, show, {class: 'button small'}));
  const canvas = h('canvas', {class: 'photo', role: 'img'});

  async function show() {
    place.replaceChildren(busy());
    try {
      const [{explanation: {maps, seen, reason}}] = await Promise.all([ask(), photo.decode()]);
      if (!maps.length) return place.replaceChildren(h('p', {class: 'muted small-text'}, reason));
      const buttons = maps.map(map => h('button', {type: 'button', class: 'button small', 'aria-pressed': 'false', onclick: () => choose(map)}, map.label));
      const choose = map => {
        paint(canvas, photo, map, seen);
        canvas.setAttribute('aria-label', texts.why.shown(map.label));
        buttons.forEach((one, i) => one.setAttribute('aria-pressed', String(maps[i] === map)));
      };
      place.replaceChildren(h('div', {class: 'row', role: 'group', 'aria-label': texts.labels}, buttons), h('p', {class: 'muted small-text'}, texts.why.legend));
      choose(maps[0]);
      photo.replaceWith(canvas);
    } catch (error) {
      place.replaceChildren(problem(error, show));
    }
  }
  return place;
}
