/* Which classes are taken for which: a matrix of few, and the pairs that are mixed up most, with their pictures. */

import {button, chip, h, scrollable, swatch} from './dom.js';
import {percent} from './format.js';
import {lookButton} from './look.js';
import {thumbnail} from './picture.js';
import {texts} from './texts.js';

const READABLE = 20; // classes whose matrix can be read
const DRAWN = 100; // classes whose matrix can be drawn
const IN_SIGHT = 20; // items of a list, until more are asked for

/** A picture of the head's images, with its label where there is one to tell. */
export const thumb = (key, label) => h('figure', {class: 'thumb'}, thumbnail({key}, {title: key}), lookButton({key}), h('figcaption', {}, label ? chip(label) : ''));

/** A share of the images of the label; empty where the label is none, as with several labels an image. */
export const share = (images, all) => all ? texts.report.share(images, all, percent(images / all)) : texts.report.images(images);

function pairItem({label, answer: predicted, images, keys}, all) {
  const place = h('div', {class: 'thumbs'});
  const name = text => text ? chip(text) : texts.report.noLabel;
  const fill = () => { if (!place.hasChildNodes()) place.append(...keys.map(key => thumb(key))); };
  return h('li', {}, h('details', {ontoggle: fill},
    h('summary', {}, texts.report.pair(name(label), name(predicted)), h('span', {class: 'muted small-text'}, ' ' + share(images, all))),
    place,
    label ? h('p', {class: 'small-text'}, h('a', {href: '#images?label=' + encodeURIComponent(label)}, texts.report.allOf(label))) : null));
}

/** A button that shows all items of a list, of which the first are in sight; null where these are all. */
export function showMore(items) {
  items.slice(IN_SIGHT).forEach(item => { item.hidden = true; });
  const more = button(texts.images.more, () => { items.forEach(item => { item.hidden = false; }); more.remove(); }, {class: 'button small'});
  return items.length > IN_SIGHT ? h('div', {}, more) : null;
}

/** The pairs as they come. `opener` gives what shows the pictures of one, undefined where it is not among them. */
function pairsList(pairs, support) {
  const items = pairs.map(pair => pairItem(pair, support.get(pair.label)));
  return {
    element: h('div', {class: 'stack'}, h('ol', {class: 'pairs'}, items), showMore(items)),
    opener(label, predicted) {
      const item = items[pairs.findIndex(pair => pair.label === label && pair.answer === predicted)];
      return item && (() => {
        const details = item.firstChild;
        item.hidden = false;
        details.open = true;
        details.firstChild.focus();
      });
    },
  };
}

function matrix(classes, counts, opener) {
  const most = counts.map(row => row.reduce((sum, n) => sum + n, 0));

  function cell(n, i, j) {
    const says = texts.report.cell(n, most[i], classes[i], classes[j]);
    const open = n && i !== j && opener(classes[i], classes[j]);
    return h('td', {class: i === j ? 'right' : n ? '' : 'zero', style: {'--part': most[i] ? n / most[i] : 0}, title: says},
      open ? h('button', {type: 'button', 'aria-label': says, onclick: open}, n) : n);
  }

  return scrollable(texts.report.matrix,
    h('table', {class: 'matrix'},
      h('caption', {class: 'hidden'}, texts.report.caption),
      h('thead', {}, h('tr', {}, h('td', {class: 'zero'}, ''), classes.map(name => h('th', {scope: 'col'}, swatch(name), h('span', {}, name))))),
      h('tbody', {}, counts.map((row, i) => h('tr', {}, h('th', {scope: 'row'}, swatch(classes[i]), classes[i]), row.map((n, j) => cell(n, i, j)))))));
}

/** What goes wrong: of few classes the matrix, of many the worst pairs first and the matrix, as far as it can be drawn, where it is asked for. */
export function confusionSection(classes, {confusion: counts, classes: figures = [], mistakes = []}) {
  const list = pairsList(mistakes, new Map(figures.map(({name, images}) => [name, images])));
  const few = classes.length <= READABLE || !mistakes.length;
  const draw = () => matrix(classes, counts, list.opener);
  const place = h('div', {});
  return h('section', {class: 'card'}, h('h2', {}, texts.report.confusion),
    few ? [h('p', {class: 'muted small-text'}, texts.report.confusionHint), draw()] : null,
    mistakes.length ? [h('p', {class: 'muted small-text'}, texts.report.mistakes), list.element] : null,
    few || classes.length > DRAWN ? null : h('details', {ontoggle: () => { if (!place.hasChildNodes()) place.append(draw()); }},
      h('summary', {}, texts.report.matrix), h('p', {class: 'muted small-text'}, texts.report.confusionHint), place));
}
