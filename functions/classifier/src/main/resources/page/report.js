/* How well the head in use does on images it was not trained on. */

function confusion(classes, counts) {
  const most = counts.map(row => row.reduce((sum, n) => sum + n, 0));
  return h('div', {class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Confusion matrix'},
    h('table', {class: 'matrix'},
      h('caption', {class: 'hidden'}, 'Rows are your labels, columns the answers'),
      h('thead', {}, h('tr', {}, h('td', {class: 'zero'}, ''), classes.map(name => h('th', {scope: 'col'}, h('span', {}, name))))),
      h('tbody', {}, counts.map((row, i) => h('tr', {}, h('th', {scope: 'row'}, classes[i]),
        row.map((n, j) => h('td', {class: i === j ? 'right' : n ? '' : 'zero', style: {'--part': most[i] ? n / most[i] : 0}, title: `${n} of ${most[i]} ${classes[i]} were taken for ${classes[j]}`}, n)))))));
}

function perClass(classes) {
  return h('ol', {class: 'bars'}, [...classes]
    .sort((a, b) => a.recall - b.recall)
    .map(({name, images, recall}) => h('li', {}, h('a', {class: 'name', href: '#images?label=' + encodeURIComponent(name)}, name),
      h('span', {class: 'track strong', 'aria-hidden': 'true'}, h('i', {style: {'--part': 100 * recall + '%'}})),
      h('span', {class: 'value', title: `${Math.round(recall * images)} of ${images}`}, percent(recall)))));
}

const figure = (name, value, hint) => h('div', {class: 'figure'}, h('dt', {}, name), h('dd', {}, value, h('small', {}, hint)));

/** What the learning curves say about more pictures. */
function advice(classes) {
  const [best] = classes.filter(({learningCurve}) => learningCurve?.gain > 0.01).sort((a, b) => b.learningCurve.gain - a.learningCurve.gain);
  return 'Weakest first. ' + (best
    ? `More pictures help ${best.name} most: another ${best.learningCurve.moreImages} should lift its F1 by about ${percent(best.learningCurve.gain)}.`
    : 'More pictures are not expected to help much.');
}

function reportView(page) {
  const body = h('div', {class: 'stack'});
  page.append(heading('Training report', 'Every image was answered by a fit that had not seen it.'), body);

  async function load() {
    body.replaceChildren(busy());
    try {
      const latest = await headInUse(body);
      if (!latest) return;
      const head = await api('GET', '/heads/' + latest.version);
      const {images, accuracy, accuracyInterval: range, macroF1, calibration, classes = [], confusion: counts} = head.validation;
      body.replaceChildren(
        h('dl', {class: 'figures'},
          figure(head.activation === 'sigmoid' ? 'All labels right' : 'Right', percent(accuracy, 1), range ? `95 % interval ${percent(range[0])} to ${percent(range[1])}` : ''),
          figure('Macro F1', percent(macroF1, 1), 'every class counts alike'),
          calibration ? figure('Confidence is off by', percent(calibration.errorAfter, 1), 'on average, as answered') : null,
          figure('Images', images.toLocaleString('en'), 'of ' + count(head.classes.length, 'class', 'classes'))),
        h('div', {class: 'columns'},
          h('section', {class: 'card'}, h('h2', {}, 'Where it goes wrong'), h('p', {class: 'muted small-text'}, 'Rows are your labels, columns its answers.'), confusion(head.classes, counts)),
          h('section', {class: 'card'}, h('h2', {}, 'Found of each class'), h('p', {class: 'muted small-text'}, advice(classes)), perClass(classes))),
        h('p', {class: 'muted small-text'}, `Head ${head.version}, ${when(head.created)}, on ${head.backboneName}. `, head.decision ? `Decision: ${head.decision.reason}. ` : '',
          h('a', {href: `heads/${head.version}/report`, target: '_blank', rel: 'noopener'}, 'Full report')));
    } catch (error) {
      body.replaceChildren(problem(error, load));
    }
  }
  load();
}
