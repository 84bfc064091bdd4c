/* The head in use, which every view asks for. */

import {api} from './api.js';
import {$, empty, h} from './dom.js';
import {texts} from './texts.js';

export const noHead = () => empty(texts.head.nothing, texts.head.remedy,
  h('a', {class: 'button main', href: '#images'}, texts.add.title));

/** The description of a head; undefined of none. */
const describe = async version => version ? api('GET', '/heads/' + version) : undefined;

/** The description of the head in use, undefined where there is none. */
export const findHead = async () => describe((await api('GET', '/status')).head);

/** The description of the head in use; where there is none, undefined, and `body` says how to get one. */
export async function headInUse(body) {
  const latest = await findHead();
  if (!latest) body.replaceChildren(noHead());
  return latest;
}

/** Which head is in use, at the foot of the side bar. */
export async function showHead() {
  try {
    const {head, networkChange, refill} = await api('GET', '/status');
    const inUse = await describe(head);
    $('#head').textContent = (inUse ? texts.head.inUse({...inUse.validation, classes: inUse.classes}) : texts.head.none) + (networkChange ? '. ' + texts.head.changing(networkChange) : '') + (refill ? '. ' + texts.head.refilling(refill) : '');
  } catch {
    $('#head').textContent = '';
  }
}
