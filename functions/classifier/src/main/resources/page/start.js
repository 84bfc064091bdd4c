/* From nothing to the first head: what is there, what is missing, and what to do next. */

import {addPictures} from './add.js';
import {h, problem, swatch} from './dom.js';
import {labels} from './labels.js';
import {askStatus, onStatus} from './status.js';
import {texts} from './texts.js';
import {trainNow} from './train.js';

/** What is missing for a first head, a sentence; empty if nothing is. */
export function missing({labels: classes, unlabelled, least}) {
  if (!classes.length) return unlabelled ? texts.start.labels(unlabelled, least) : texts.start.pictures(least);
  const few = classes.filter(({images}) => images < least).sort((a, b) => b.images - a.images);
  const lacking = 2 - (classes.length - few.length);
  if (lacking <= 0) return '';
  const wanted = few.slice(0, lacking).map(({label, images}) => texts.start.more(least - images, label));
  if (wanted.length < lacking) wanted.push(texts.start.another(least));
  return texts.start.missing(wanted);
}

/** What the next training leaves out, a sentence; empty if nothing. */
export const leftOut = ({labels: classes, least}) => texts.start.leftOut(classes.filter(({images}) => images < least).map(({label}) => label), least);

/** Whether each label of an image counts by itself: nobody can tell before the first head, but labels joined by + are meant so. */
const joined = ({labels: classes}) => classes.some(({label}) => label.includes('+'));

function classBars({labels: classes, enough}) {
  return h('ul', {class: 'bars', 'aria-label': texts.labels}, classes.map(({label, images}) =>
    h('li', {}, h('span', {class: 'name', title: label}, swatch(label), label),
      h('span', {class: 'track strong', 'aria-hidden': 'true'}, h('i', {style: {'--part': 100 * Math.min(1, images / enough) + '%'}})),
      h('span', {class: 'value'}, texts.start.of(images, enough)))));
}

/** What comes after the first training. */
export const firstAnswer = () => h('div', {class: 'empty', role: 'status'}, h('h2', {}, texts.start.learned),
  h('a', {class: 'button main', href: '#classify'}, texts.classify.title));

/** Stands where a view would be while there is no head; `learned` is called once there is one. Pictures are added in it, unless the view has a card for that. */
export function checklist(learned, card = null) {
  let left = false;
  const adding = card || addPictures(() => left, askStatus);
  adding.open = true;
  const lacks = h('p', {role: 'status'});
  const classes = h('div', {class: 'stack'});
  const training = trainNow();
  const element = h('section', {class: 'checklist stack', 'aria-label': texts.start.title},
    h('div', {class: 'card'}, h('h2', {}, texts.start.title), lacks),
    card ? '' : adding,
    h('div', {class: 'card'}, h('h2', {}, texts.start.classes), classes, training.element));

  async function draw() {
    try {
      let found = await labels();
      if (joined(found)) found = await labels(true);
      const sentence = missing(found);
      lacks.textContent = sentence || [texts.start.ready, leftOut(found)].join(' ');
      classes.replaceChildren(found.labels.length ? classBars(found) : h('p', {class: 'muted'}, texts.start.none), h('p', {class: 'muted small-text'}, texts.start.hint(found)));
      training.mayTrain(!sentence);
    } catch (error) {
      lacks.replaceChildren(problem(error, draw));
    }
  }

  onStatus(element, ({head}) => {
    if (!head) return draw();
    if (left) return null;
    left = true;
    return learned();
  });
  draw();
  return element;
}
