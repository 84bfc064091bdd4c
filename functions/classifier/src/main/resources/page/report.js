/* How well the head in use does on images it was not trained on. */

import {answeredSection} from './answered.js';
import {confusionSection, showMore, thumb} from './confusion.js';
import {busy, h, heading, problem, scrollable, swatch, whatIsKept} from './dom.js';
import {fileLink} from './download.js';
import {driftSection} from './drift.js';
import {number, percent} from './format.js';
import {headInUse} from './heads.js';
import {texts} from './texts.js';

function perClass(classes) {
  const items = [...classes]
    .sort((a, b) => a.recall - b.recall)
    .map(({name, images, recall}) => h('li', {}, h('a', {class: 'name', title: name, href: '#images?label=' + encodeURIComponent(name)}, swatch(name), name),
      h('span', {class: 'track strong', 'aria-hidden': 'true'}, h('i', {style: {'--part': 100 * recall + '%'}})),
      h('span', {class: 'value', title: texts.report.found(Math.round(recall * images), images)}, percent(recall))));
  return [h('ol', {class: 'bars'}, items), showMore(items)];
}

/** Where the network was changed: both on the same images and folds. */
export function networksTable([head, ...rows]) {
  return head ? scrollable(texts.report.networks, h('table', {class: 'networks'},
    h('thead', {}, h('tr', {}, head.map(cell => h('th', {scope: 'col'}, cell)))),
    h('tbody', {}, rows.map(([name, ...cells]) => h('tr', {}, h('th', {scope: 'row'}, name), cells.map(cell => h('td', {}, cell))))))) : null;
}

/** Groups of pictures that are there more than once. */
function duplicatesList({groups, first} = {groups: 0}) {
  return groups ? h('details', {class: 'card'}, h('summary', {}, texts.report.duplicates(groups)), h('p', {class: 'muted small-text'}, texts.report.duplicatesHint),
    first.map(group => h('div', {class: 'thumbs', role: 'group', 'aria-label': texts.report.duplicate}, group.map(({key, label}) => thumb(key, label))))) : null;
}

const figure = (name, value, hint) => h('div', {class: 'figure'}, h('dt', {}, name), h('dd', {}, value, h('small', {}, hint)));

export function reportView(page) {
  const body = h('div', {class: 'stack'});
  page.append(heading(texts.report.title, texts.report.lead), body);

  async function load() {
    body.replaceChildren(busy());
    try {
      const head = await headInUse(body, load);
      if (!head) return;
      const {images, accuracy, macroF1, calibration, duplicates, selective, classes = []} = head.validation;
      const {multiLabel, interval, nearDuplicates, leftOut, weak, mostHelped, ...findings} = head.findings;
      body.replaceChildren(
        h('dl', {class: 'figures'},
          figure(multiLabel ? texts.report.exactMatch : texts.report.accuracy, percent(accuracy, 1), interval),
          figure(texts.report.macroF1, percent(macroF1, 1), texts.report.macroF1Hint),
          calibration ? figure(texts.report.calibration, percent(calibration.errorAfter, 1), texts.report.calibrationHint) : null,
          figure(texts.report.all, number(images), texts.report.ofClasses(head.classes.length))),
        h('div', {class: 'columns'},
          confusionSection(head.classes, head.validation),
          h('section', {class: 'card'}, h('h2', {}, texts.report.recall), h('p', {class: 'muted small-text'}, texts.report.weakestFirst + mostHelped), perClass(classes))),
        h('p', {class: 'muted small-text'}, [leftOut, weak, nearDuplicates, findings.calibration].filter(Boolean).join(' ')),
        driftSection(whatIsKept()),
        answeredSection(selective),
        duplicatesList(duplicates),
        networksTable(findings.networks),
        h('p', {class: 'muted small-text'}, texts.report.madeBy(head), head.decision ? texts.report.decision(head.decision.reason) : '',
          fileLink(`heads/${head.version}/report`, texts.report.full, {target: '_blank', rel: 'noopener'})));
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  load();
}
