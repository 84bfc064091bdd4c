/* The frame: one view at a time, chosen by the fragment of the address. */

import {keepDropped} from './add.js';
import {classifyView} from './classify.js';
import {complain} from './dialogs.js';
import {doctorView} from './doctor.js';
import {$, h, icon} from './dom.js';
import {showHead} from './heads.js';
import {imagesView} from './images.js';
import {queueView} from './queue.js';
import {reportView} from './report.js';
import {texts} from './texts.js';
import {filesOf} from './upload.js';
import {versionsView} from './versions.js';

const views = {classify: classifyView, images: imagesView, queue: queueView, doctor: doctorView, report: reportView, versions: versionsView};

let leave = null;
let moved = false;

function show() {
  const name = location.hash.slice(1).split('?')[0];
  if (name === 'main') return $('#main').focus();
  const id = Object.hasOwn(views, name) ? name : 'classify';
  if (leave) leave();
  document.title = texts.views[id] + ' · Graft';
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.dataset.view === id) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const view = h('div', {class: 'view view-' + id});
  $('#main').replaceChildren(view);
  window.scrollTo(0, 0);
  leave = views[id](view) || null;
  if (moved) view.querySelector('h1').focus({preventScroll: true});
  moved = true;
}

$('.skip').textContent = texts.skip;
$('nav').setAttribute('aria-label', texts.navigation);
$('#nav').append(...Object.keys(views).map(id =>
  h('li', {}, h('a', {href: '#' + id, 'data-view': id}, icon(id), h('span', {}, texts.views[id])))));
window.addEventListener('hashchange', show);
window.addEventListener('dragover', event => event.preventDefault());
window.addEventListener('drop', event => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  filesOf(event.dataTransfer).then(files => {
    if (!files.length) return;
    keepDropped(files);
    if (location.hash === '#images') show();
    else location.hash = '#images';
  }, complain);
});
show();
showHead();
