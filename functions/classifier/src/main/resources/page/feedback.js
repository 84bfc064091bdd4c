/* Whether a prediction was right, said by one click and taken back by another: its picture gets the label. */

import {api} from './api.js';
import {readable} from './convert.js';
import {complain} from './dialogs.js';
import {button, chip, h, labelInput} from './dom.js';
import {labelOfNew} from './labels.js';
import {texts} from './texts.js';
import {remember, takeBackAll} from './undo.js';
import {sha256, upload} from './upload.js';

const OFFERED = 3; // other classes, of which a click chooses one

/** Gives stored images a label; without one they stay as they are. Gives what takes it back. */
export async function labelStored(keys, label) {
  if (!label) return null;
  const {undo} = await api('POST', '/labels', {keys, label});
  return () => takeBackAll([undo]);
}

/** Adds a picture with a label, or without one; where it is there already that image gets the label. Gives what takes it back. */
export async function keepFile(chosen, text) {
  const label = labelOfNew(text);
  const file = await readable(chosen);
  const {images} = await api('POST', '/images/find', {hashes: [await sha256()(file)]});
  if (images.length) return labelStored(images.map(({key}) => key), label);
  const key = await upload(file, label);
  return async () => {
    await api('POST', '/images/delete', {keys: [key]});
    return texts.undone(1, []);
  };
}

/** Says the label of what was predicted, or without one that it was wrong; `keep` does so where no answer is kept that is of use. Gives what takes it back, null where nothing was changed. */
export async function say({id, kept}, label, keep, send = api) {
  if (kept) {
    const {state, undo} = await send('POST', '/feedback', {id, label: label || null});
    if (state !== 'noted') return undo ? () => takeBackAll([undo]) : null;
  }
  return keep(label);
}

/** The labels that a click gives in place of the predicted one: first the one that the head has not learned yet. */
export const otherLabels = ({label, notLearned, probabilities}) =>
  [...new Set([notLearned, ...probabilities.map(one => one.label)])].filter(other => other && other !== label).slice(0, OFFERED);

/** Buttons that say whether a prediction was right. */
export function feedback(prediction, keep) {
  const input = labelInput('teach-label', {placeholder: texts.feedback.any});
  const place = h('div', {class: 'teach'});

  async function give(label) {
    try {
      const back = await say(prediction, label, keep);
      const undo = back && remember(async () => {
        const told = await back();
        place.replaceChildren(form);
        return told;
      });
      place.replaceChildren(h('p', {class: 'muted row', role: 'status'}, h('span', {}, label ? texts.classify.kept(chip(label)) : texts.feedback.waits),
        undo ? button(texts.undo, undo, {class: 'button small'}) : null));
    } catch (error) {
      complain(error);
    }
  }

  const form = h('form', {class: 'row', onsubmit: event => { event.preventDefault(); give(input.value.trim()); }},
    button(texts.feedback.right, () => give(prediction.label)),
    h('label', {for: 'teach-label'}, texts.feedback.wrong),
    otherLabels(prediction).map(label => button(label, () => give(label), {class: 'button small', 'aria-label': texts.feedback.itIs(label)})),
    input, h('button', {class: 'button'}, texts.classify.keep),
    button(texts.noneOfThese, () => give(texts.noneLabel)));
  place.append(form);
  return place;
}

/** For who came by a share link: a button that says it was wrong; nothing where answers are not kept. */
export function doubt({id, kept}) {
  if (!kept) return null;
  const place = h('p', {class: 'muted small-text', role: 'status'}, button(texts.feedback.isWrong, async () => {
    try {
      await api('POST', '/shared/feedback', {id});
      place.replaceChildren(texts.feedback.thanks);
    } catch (error) {
      complain(error);
    }
  }, {class: 'button small'}));
  return place;
}
