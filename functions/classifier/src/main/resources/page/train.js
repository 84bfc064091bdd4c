/* Has a head trained, and tells how far that is. */

import {api} from './api.js';
import {button, h, problem} from './dom.js';
import {poll} from './polling.js';
import {askStatus, onStatus} from './status.js';
import {texts} from './texts.js';

const MOST_LATER = 10; // seconds that a new head may take to be in use everywhere
const STAGES = ['reading', 'near-duplicates', 'validation', 'figures', 'head'];

/** Whether a training waits or runs. */
export const isLive = training => Boolean(training) && training.state !== 'ended';

/** What a training does or did, in words; empty of none. */
export function sayTraining(training) {
  if (!training) return '';
  if (training.state === 'queued') return texts.train.queued;
  if (training.state === 'running') return texts.train.stage(training.stage);
  return texts.train.outcome(training);
}

/** How many of its stages a training has behind it, waiting and beginning included. */
export const stagesDone = ({state, stage}) => state === 'queued' ? 0 : 1 + STAGES.indexOf(stage) + 1;

/** A button that has a head trained, with what comes of it. `mayTrain` says whether anything can be learned, as soon as that is known. */
export function trainNow() {
  const start = button(texts.train.now, train, {class: 'button main', disabled: true});
  const told = h('div', {class: 'stack', role: 'status'});
  const element = h('div', {class: 'stack train'}, h('div', {}, start), told);
  let possible = false;
  let running = false;
  let asked = false;
  let later = 0; // seconds that the new head is still waited for

  function show({head, training}) {
    running = isLive(training);
    later = running ? MOST_LATER : training && training.outcome === 'Trained' && training.version !== head ? later - 1 : 0;
    start.disabled = running || !possible;
    if (running) asked = true;
    const bar = running ? h('progress', {max: STAGES.length + 1, value: stagesDone(training), 'aria-label': texts.train.now}) : '';
    told.replaceChildren(asked ? h('p', {}, sayTraining(training)) : '', bar);
  }

  async function train() {
    start.disabled = true;
    asked = true;
    try {
      show({training: await api('POST', '/heads')});
      await poll(async () => Boolean(await askStatus()), {first: 1, longest: 1, over: () => !running && later <= 0 || !element.isConnected});
    } catch (error) {
      start.disabled = !possible;
      told.replaceChildren(problem(error));
    }
  }

  onStatus(element, show);
  return {element, mayTrain: yes => {
    possible = yes;
    start.disabled = running || !possible;
  }};
}
