/* Tells that images are arriving, from this page or from anywhere. */

import {onStatus} from './status.js';
import {texts} from './texts.js';

const STILL = 5;

/** Counts what arrives: told the number of images again and again, it says how many are new and whether the number changed. */
export function arrivals() {
  let first = null;
  let last = null;
  let unchanged = 0;
  return images => {
    const changed = last !== null && images !== last;
    unchanged = changed ? 0 : unchanged + 1;
    if (first === null || unchanged >= STILL || images < first) first = images;
    last = images;
    return {fresh: images - first, changed};
  };
}

/** Tells in `line` how many images are read and, while the number grows, by how many; `grown` is called each time. */
export function watchArrivals(line, grown) {
  const seen = arrivals();
  onStatus(line, ({images, unlabelled}) => {
    const {fresh, changed} = seen(images);
    line.classList.toggle('live', fresh > 0);
    line.textContent = fresh > 0 ? texts.images.reading(fresh, images) : texts.images.read(images, unlabelled);
    if (changed) grown();
  });
}
