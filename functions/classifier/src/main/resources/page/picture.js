/* An image of the bucket on the page. */

import {query} from './api.js';
import {h} from './dom.js';
import {fileName} from './format.js';

/** The address that leads to the image through a new link, however long the view has been open. */
export const lastingAddress = key => 'images/content' + query({key});

/**
 * The image under `key`. `url` is a link to it that lasts an hour; where it does not work any more, or is missing, the
 * browser is sent to the lasting address, once.
 */
export function picture({key, url}, properties = {}) {
  const image = h('img', {src: url || lastingAddress(key), alt: fileName(key), ...properties});
  if (url) image.addEventListener('error', () => { image.src = lastingAddress(key); }, {once: true});
  return image;
}
