/* An image of the bucket on the page. */

import {api, query} from './api.js';
import {h} from './dom.js';
import {fileName} from './format.js';
import {hasLogin} from './login.js';

/** The address that leads to the image through a new link, however long the view has been open. */
export const lastingAddress = key => 'images/content' + query({key});

/**
 * The image under `key`. `url` is a link to it that lasts an hour; where it does not work any more, or is missing, the
 * browser is sent to the lasting address, once. Where one signs in the address is asked for, as an image carries no token.
 */
export function picture({key, url}, properties = {}) {
  const image = h('img', {src: url, alt: fileName(key), ...properties});
  const last = async () => { image.src = hasLogin() ? (await api('GET', '/' + lastingAddress(key))).url : lastingAddress(key); };
  const look = () => { last().catch(() => { /* it stays without a picture, as any that is gone */ }); };
  if (url) image.addEventListener('error', look, {once: true});
  else look();
  return image;
}
