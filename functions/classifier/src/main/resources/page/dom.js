/* Elements without markup: names and labels come from strangers, so text only ever becomes text nodes. */

const $ = selector => document.querySelector(selector);

/** An element; properties are set as such, `class`, `aria-*`, `data-*` and `role` as attributes, `on*` as listeners. */
function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style') for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
    else if (/^(class|role|for|scope|colspan|aria-.*|data-.*)$/.test(key)) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', '#i-' + name);
  svg.append(use);
  return svg;
}

function button(text, onclick, properties = {}) {
  return h('button', {type: 'button', class: 'button', onclick, ...properties}, text);
}

const kbd = key => h('kbd', {'aria-hidden': 'true'}, key);

/** A short message at the foot of the page, read out too; an action may undo what it tells. */
function note(text, {bad = false, action, onaction} = {}) {
  const box = h('div', {class: bad ? 'note bad' : 'note'}, h('span', {}, text));
  const close = () => box.remove();
  if (action) box.append(button(action, () => { close(); onaction(); }, {class: 'button small'}));
  box.append(h('button', {type: 'button', class: 'plain', 'aria-label': 'Dismiss', onclick: close}, icon('close')));
  $('#notes').replaceChildren(box);
  if (!bad) setTimeout(close, action ? 12000 : 6000);
}

/** What went wrong and what to do, where the view would be. */
function problem(error, again) {
  return h('div', {class: 'problem', role: 'alert'},
    h('h2', {}, error.title || 'Something went wrong'),
    h('p', {}, error.message),
    again ? button('Try again', again) : null);
}

function empty(title, text, ...more) {
  return h('div', {class: 'empty'}, h('h2', {}, title), h('p', {}, text), ...more);
}

function heading(title, text, ...more) {
  return h('div', {class: 'heading'},
    h('div', {}, h('h1', {tabIndex: -1}, title), text ? h('p', {class: 'lead'}, text) : null), ...more);
}

function busy(text = 'Loading') {
  return h('p', {class: 'busy', role: 'status'}, h('span', {class: 'spinner', 'aria-hidden': 'true'}), text + '…');
}

const percent = (value, digits = 0) => {
  const scaled = 100 * value;
  if (digits === 0 && scaled > 0 && scaled < 1) return '<1 %';
  if (digits === 0 && scaled > 99 && scaled < 100) return '>99 %';
  return scaled.toFixed(digits) + ' %';
};

const count = (number, one, many = one + 's') => number.toLocaleString('en') + ' ' + (number === 1 ? one : many);

const when = text => {
  const date = new Date(text);
  return isNaN(date) ? '' : date.toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});
};

const fileName = key => key.slice(key.lastIndexOf('/') + 1);

/** A steady colour of a label, so that the eye finds it again; Knuth's multiplicative hash spreads similar names. */
function hue(label) {
  let hash = 0;
  for (const letter of label) hash = Math.imul(hash ^ letter.codePointAt(0), 2654435761);
  return Math.round((hash >>> 0) / 2 ** 32 * 360);
}

const chip = label => h('span', {class: 'chip', style: {'--hue': hue(label)}}, label);
