/* Elements without markup: names and labels come from strangers, so text only ever becomes text nodes. */

import {hue} from './format.js';
import {texts} from './texts.js';

export const $ = selector => document.querySelector(selector);

/** An element; properties are set as such, `class`, `aria-*`, `data-*` and `role` as attributes, `on*` as listeners. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style') for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
    else if (/^(class|role|for|list|scope|colspan|aria-.*|data-.*)$/.test(key)) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', '#i-' + name);
  svg.append(use);
  return svg;
}

export function button(text, onclick, properties = {}) {
  return h('button', {type: 'button', class: 'button', onclick, ...properties}, text);
}

/** A field for a label, with the classes that exist as suggestions. */
export function labelInput(id, properties = {}) {
  return h('input', {type: 'text', id, list: 'labels', maxLength: 128, autocomplete: 'off', ...properties});
}

export const kbd = key => h('kbd', {'aria-hidden': 'true'}, key);

export const chip = label => h('span', {class: 'chip', title: label, 'data-class': label, style: {'--hue': hue(label)}}, label);

/** The colour of a class beside its name. */
export const swatch = label => h('span', {class: 'swatch', 'aria-hidden': 'true', 'data-class': label, style: {'--hue': hue(label)}});

/** Gives what is on the page the colours of now. */
export function recolour() {
  for (const element of document.querySelectorAll('[data-class]')) element.style.setProperty('--hue', hue(element.dataset.class));
}

/** What went wrong and what to do, where the view would be. */
export function problem(error, again) {
  return h('div', {class: 'problem', role: 'alert'},
    h('h2', {}, error.title || texts.problem.title),
    h('p', {}, error.message),
    again ? button(texts.again, again) : null);
}

/** Something wider than its place may be: who has no mouse scrolls it by the arrow keys. */
export const scrollable = (name, ...children) => h('div', {class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': name}, ...children);

export function empty(title, text, ...more) {
  return h('div', {class: 'empty'}, h('h2', {}, title), h('p', {}, text), ...more);
}

export function heading(title, text, ...more) {
  return h('div', {class: 'heading'},
    h('div', {}, h('h1', {tabIndex: -1}, title), text ? h('p', {class: 'lead'}, text) : null), ...more);
}

export function busy(text = texts.loading) {
  return h('p', {class: 'busy', role: 'status'}, h('span', {class: 'spinner', 'aria-hidden': 'true'}), text + '…');
}

/** For how many days answers are kept, and whether with their pictures. */
export function whatIsKept() {
  const {answerDays, answerPictures} = document.documentElement.dataset;
  return {days: Number(answerDays), pictures: answerPictures === 'true'};
}
