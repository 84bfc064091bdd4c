/* An image of the bucket on the page. */

import {api, query} from './api.js';
import {h} from './dom.js';
import {fileName} from './format.js';
import {hasLogin} from './login.js';

/** The address that leads to the image through a new link, however long the view has been open. */
const lastingAddress = (key, small) => 'images/content' + query(small ? {key, thumbnail: true} : {key});

/**
 * The image under `key`, whole. `url` is a link to it that lasts an hour; where it does not work any more, or is missing,
 * the browser is sent to the lasting address, once. Where one signs in the address is asked for, as an image carries no token.
 */
export const picture = ({key, url}, properties = {}) => shown(key, [url, () => fresh(key)], properties);

/** Its thumbnail, or while there is none the image itself; likewise. */
export const thumbnail = ({key, url, thumbnail: small}, properties = {}) =>
  shown(key, [small, () => fresh(key, true), url, () => fresh(key)], {loading: 'lazy', ...properties});

const fresh = async (key, small) =>
  hasLogin() ? (await api('GET', '/' + lastingAddress(key, small))).url : lastingAddress(key, small);

/** The first of some addresses that leads to a picture; an address may have to be asked for. */
function shown(key, addresses, properties) {
  const image = h('img', {alt: fileName(key), ...properties});
  const left = addresses.filter(address => address);
  const next = async () => {
    const address = left.shift();
    if (address) image.src = typeof address === 'string' ? address : await address();
  };
  const look = () => { next().catch(() => { /* it stays without a picture, as any that is gone */ }); };
  image.addEventListener('error', look);
  look();
  return image;
}
