/* The head in use, which every view asks for. */

import {api} from './api.js';
import {$, empty, h} from './dom.js';
import {texts} from './texts.js';

export const noHead = () => empty(texts.head.nothing, texts.head.remedy,
  h('a', {class: 'button main', href: '#images'}, texts.add.title));

/** The summary of the head in use, undefined where there is none. */
export const findHead = async () => (await api('GET', '/heads')).heads.find(head => head.latest);

/** The summary of the head in use; where there is none, undefined, and `body` says how to get one. */
export async function headInUse(body) {
  const latest = await findHead();
  if (!latest) body.replaceChildren(noHead());
  return latest;
}

/** Which head is in use, at the foot of the side bar. */
export async function showHead() {
  try {
    const [head, {networkChange}] = await Promise.all([findHead(), api('GET', '/status')]);
    $('#head').textContent = (head ? texts.head.inUse(head) : texts.head.none) + (networkChange ? '. ' + texts.head.changing(networkChange) : '');
  } catch {
    $('#head').textContent = '';
  }
}
