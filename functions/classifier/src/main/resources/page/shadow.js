/* What another head would have answered to the kept requests. */

import {api} from './api.js';
import {chip, h, scrollable, whatIsKept} from './dom.js';
import {fileLink} from './download.js';
import {fileName, number} from './format.js';
import {texts} from './texts.js';

function pairRow({now, then, count: times, examples}) {
  const named = examples.filter(({key}) => key);
  return h('tr', {}, h('td', {}, chip(now)), h('td', {}, chip(then)), h('td', {}, number(times)),
    h('td', {}, named.map(({key}, i) => [i ? ', ' : '', fileLink('images/content?key=' + encodeURIComponent(key), fileName(key), {title: key, target: '_blank', rel: 'noopener'})])));
}

/** Elements for a candidate; none where answers are not kept. */
export async function shadowSection(version) {
  if (!whatIsKept().days) return [];
  try {
    const {answers, differ, pairs, truth} = await api('GET', `/heads/${version}/shadow?days=7`);
    return [h('p', {class: 'shadow'}, texts.shadow.differ(differ, answers), truth.told ? texts.shadow.truth(truth) : ''),
      pairs.length ? scrollable(texts.shadow.title, h('table', {class: 'days'},
        h('thead', {}, h('tr', {}, [texts.shadow.now, texts.shadow.then, texts.shadow.times, texts.shadow.examples].map(name => h('th', {scope: 'col'}, name)))),
        h('tbody', {}, pairs.map(pairRow)))) : null];
  } catch (error) {
    return [h('p', {class: 'muted small-text'}, error.message)]; // the preview beside it is of use without
  }
}
