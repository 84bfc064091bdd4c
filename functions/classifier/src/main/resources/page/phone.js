/* The way in for a phone of the same network, on a machine that was started for that. */

import {shape} from './answered.js';
import {api} from './api.js';
import {complain} from './dialogs.js';
import {button, h, icon} from './dom.js';
import {texts} from './texts.js';

/** A code that a phone reads, drawn as the API tells: dark on light in either scheme. */
function qrCode({size, path}) {
  const svg = shape('svg', {viewBox: `0 0 ${size} ${size}`, class: 'qr', role: 'img', 'aria-label': texts.phone.code, 'shape-rendering': 'crispEdges'});
  svg.append(shape('rect', {width: size, height: size, class: 'light'}), shape('path', {d: path}));
  return svg;
}

async function showCode() {
  try {
    const {addresses, ...code} = await api('GET', '/' + document.documentElement.dataset.phone);
    const [first, ...others] = addresses;
    const dialog = h('dialog', {class: 'phone', 'aria-label': texts.phone.title},
      h('div', {class: 'between'}, h('h2', {}, texts.phone.title),
        h('button', {type: 'button', class: 'plain', 'aria-label': texts.dismiss, onclick: () => dialog.close()}, icon('close'))),
      first ? [qrCode(code), h('p', {}, texts.phone.lead), h('p', {class: 'mono'}, first)] : h('p', {}, texts.phone.noNetwork),
      others.length ? [h('p', {class: 'muted small-text'}, texts.phone.others), others.map(address => h('p', {class: 'mono'}, address))] : null);
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  } catch (error) {
    complain(error);
  }
}

/** A button that shows the code; null where phones are not let in, or this is one. */
export const phoneButton = () => document.documentElement.dataset.phone ? button(texts.phone.open, showCode, {class: 'button small'}) : null;
