/* Forgetting an image for good, and how far that is. */

import {api, query} from './api.js';
import {ask, complain} from './dialogs.js';
import {busy, button, h} from './dom.js';
import {fileName} from './format.js';
import {poll} from './polling.js';
import {texts} from './texts.js';

/** Keys of the other images of the same picture. */
async function copiesOf(key) {
  const {groups} = await api('GET', '/copies' + query({key}));
  return groups.flatMap(({keys}) => keys).filter(other => other !== key);
}

/** What became of it, in sentences; `keys` are those of the images that are forgotten with it. */
export function sayReceipt({state, waitsFor, versions, files, head, left}, keys = []) {
  const others = keys.length ? [texts.forget.others(keys.map(fileName))] : [];
  if (state === 'waiting') return [...others, texts.forget.waits(waitsFor)];
  return [...others, texts.forget.done(versions.length, files.length), head ? texts.forget.head(head) : texts.forget.noHead, ...left];
}

/** A button that asks, forgets the image, and then shows in `place` how far that is; `changed` is called once the image is gone. */
export function forgetButton(key, place, changed) {
  const show = (receipt, keys) => place.replaceChildren(h('h3', {}, texts.forget.receipt), h('p', {class: 'muted mono clip', title: receipt.id}, receipt.id),
    h('ul', {}, sayReceipt(receipt, keys).map(line => h('li', {}, line))));

  async function forget() {
    try {
      const copies = await copiesOf(key);
      const all = await ask({title: texts.forget.title, ...copies.length
        ? {text: texts.forget.text + texts.forget.copies(copies.map(fileName)), action: texts.forget.all(copies.length), other: texts.forget.one}
        : {text: texts.forget.text, action: texts.forget.action}});
      if (all === null) return;
      place.replaceChildren(busy());
      let receipt = await api('POST', '/forget', {key, nearDuplicates: all && copies.length > 0});
      const {keys = []} = receipt;
      show(receipt, keys);
      changed();
      await poll(async () => {
        const before = receipt;
        receipt = await api('GET', '/forget/' + receipt.id);
        show(receipt, keys);
        return receipt.waitsFor !== before.waitsFor;
      }, {first: 1, longest: 10, over: () => !place.isConnected || receipt.state === 'done'});
    } catch (error) {
      place.replaceChildren();
      complain(error);
    }
  }
  return button(texts.forget.action, forget, {class: 'button small'});
}
