/* Forgetting an image for good, and how far that is. */

import {api} from './api.js';
import {ask, complain} from './dialogs.js';
import {busy, button, h} from './dom.js';
import {poll} from './polling.js';
import {texts} from './texts.js';

/** What became of it, in sentences. */
export function sayReceipt({state, waitsFor, versions, files, head, left}) {
  if (state === 'waiting') return [texts.forget.waits(waitsFor)];
  return [texts.forget.done(versions.length, files.length), head ? texts.forget.head(head) : texts.forget.noHead, ...left];
}

/** A button that asks, forgets the image, and then shows in `place` how far that is; `changed` is called once the image is gone. */
export function forgetButton(key, place, changed) {
  const show = receipt => place.replaceChildren(h('h3', {}, texts.forget.receipt), h('p', {class: 'muted mono clip', title: receipt.id}, receipt.id),
    h('ul', {}, sayReceipt(receipt).map(line => h('li', {}, line))));

  async function forget() {
    if (!await ask({title: texts.forget.title, text: texts.forget.text, action: texts.forget.action})) return;
    place.replaceChildren(busy());
    try {
      let receipt = await api('POST', '/forget', {key});
      show(receipt);
      changed();
      await poll(async () => {
        const before = receipt;
        receipt = await api('GET', '/forget/' + receipt.id);
        show(receipt);
        return receipt.waitsFor !== before.waitsFor;
      }, {first: 1, longest: 10, over: () => !place.isConnected || receipt.state === 'done'});
    } catch (error) {
      place.replaceChildren();
      complain(error);
    }
  }
  return button(texts.forget.action, forget, {class: 'button small'});
}
