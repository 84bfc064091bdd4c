/* The head in use, which every view asks for. */

import {api} from './api.js';
import {$, h} from './dom.js';
import {checklist} from './start.js';
import {askStatus, followStatus, onStatus} from './status.js';
import {texts} from './texts.js';
import {isLive, sayTraining} from './train.js';

let described = null;

/** The description of a head; undefined of none. */
async function describe(version) {
  if (!version) return undefined;
  if (!described || described.version !== version) described = await api('GET', '/heads/' + version);
  return described;
}

/** The description of the head in use as a status tells it, seconds late: one that is deleted since has a successor. */
async function describeLatest({head}) {
  try {
    return await describe(head);
  } catch (error) {
    if (error.status !== 404) throw error;
    const {heads} = await api('GET', '/heads');
    return describe(heads.find(({latest}) => latest)?.version);
  }
}

/** The description of the head in use, undefined where there is none. */
export const findHead = async () => describeLatest(await askStatus());

/** The description of the head in use; where there is none, undefined, and `body` says how to get one and calls `again` when there is. */
export async function headInUse(body, again) {
  const latest = await findHead();
  if (!latest) body.replaceChildren(checklist(again));
  return latest;
}

/** Which of these classes the head in use has not learned, a paragraph; null where it has learned all. */
export function notLearned(head, {labels, least}) {
  const rest = labels.filter(({label}) => !head.classes.includes(label));
  return rest.length ? h('p', {class: 'muted small-text'}, texts.head.notLearned(rest, least)) : null;
}

/** Keeps saying at the foot of the side bar which head is in use, and what comes, until `over` says so. */
export function showHead(over) {
  const line = $('#head');
  onStatus(line, async status => {
    const {networkChange, refill, training} = status;
    const inUse = await describeLatest(status).catch(() => undefined);
    line.textContent = [
      inUse ? texts.head.inUse({...inUse.validation, classes: inUse.classes}) : texts.head.none,
      networkChange && texts.head.changing(networkChange),
      refill && texts.head.refilling(refill),
      isLive(training) && sayTraining(training)].filter(Boolean).join('. ');
  });
  followStatus(over);
}
