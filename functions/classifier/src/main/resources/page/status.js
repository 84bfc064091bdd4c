/* How far things are, asked again and again for the whole page. */

import {api} from './api.js';
import {poll} from './polling.js';

const listeners = new Map(); // by the element that each keeps up to date
let last = '';
let following = false;

/** Asks now, and tells everybody. Gives the status. */
export async function askStatus() {
  const status = await api('GET', '/status');
  last = JSON.stringify(status);
  for (const [element, listener] of [...listeners]) {
    if (element.isConnected) listener(status);
    else listeners.delete(element);
  }
  return status;
}

/** Calls `listener` with every status that comes, for as long as the element is on the page; it must be there by then. */
export function onStatus(element, listener) {
  listeners.set(element, listener);
}

/** Asks until `over` says so, ever more rarely while nothing changes; once for the whole page, whoever wants it. */
export async function followStatus(over) {
  if (following) return;
  following = true;
  await poll(async () => {
    const before = last;
    await askStatus();
    return last !== before;
  }, {first: 3, longest: 60, over});
  following = false;
}
