/* The frame: one view at a time, chosen by the fragment of the address. */

import {keepDropped} from './add.js';
import {onExpiry} from './api.js';
import {classifyView, sharedView} from './classify.js';
import {ask, complain} from './dialogs.js';
import {doctorView} from './doctor.js';
import {$, button, h, heading, icon} from './dom.js';
import {showHead} from './heads.js';
import {imagesView} from './images.js';
import {labels} from './labels.js';
import {begin, hasLogin, shareToken, signIn, signInBeside, signOut, who} from './login.js';
import {phoneButton} from './phone.js';
import {queueView} from './queue.js';
import {reportView} from './report.js';
import {showSets} from './setchoice.js';
import {texts} from './texts.js';
import {listenForUndo} from './undo.js';
import {filesOf} from './upload.js';
import {useView} from './use.js';
import {versionsView} from './versions.js';

const views = {classify: classifyView, images: imagesView, queue: queueView, doctor: doctorView, report: reportView, versions: versionsView, use: useView};

let leave = null;
let moved = false;

/** Whether there is one view alone: for who has a share link, and while nobody is signed in. */
const closed = () => Boolean(shareToken) || hasLogin() && !who();

/** Instead of any view while nobody is signed in. */
function signInView(view) {
  view.append(heading(texts.login.title, texts.login.lead), button(texts.login.action, signIn, {class: 'button main'}));
}

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
  leave = (closed() ? shareToken ? sharedView : signInView : views[id])(view) || null;
  if (moved) view.querySelector('h1').focus({preventScroll: true});
  moved = true;
}

$('.skip').textContent = texts.skip;
$('nav').setAttribute('aria-label', texts.navigation);
$('#nav').append(...Object.keys(views).map(id =>
  h('li', {}, h('a', {href: '#' + id, 'data-view': id}, icon(id), h('span', {}, texts.views[id])))));
listenForUndo();
window.addEventListener('hashchange', show);
window.addEventListener('dragover', event => event.preventDefault());
window.addEventListener('drop', event => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  filesOf(event.dataTransfer).then(files => {
    if (!files.length || closed()) return;
    keepDropped(files);
    if (location.hash === '#images') show();
    else location.hash = '#images';
  }, complain);
});

function showAll() {
  show();
  $('#who').replaceChildren(...who() ? [texts.login.who(who()), button(texts.login.signOut, signOut, {class: 'button small'})] : [closed() ? '' : phoneButton() ?? '']);
  $('nav').hidden = closed();
  if (closed()) $('#head').textContent = '';
  else {
    showHead(closed);
    showSets($('#set'), () => location.reload()).catch(() => { /* the default one does */ });
    labels().catch(() => { /* the colours of the names do */ });
  }
}

onExpiry(async () => await ask({title: texts.login.expired, text: texts.login.expiredText, action: texts.login.action}) === true && signInBeside());
begin(showAll).catch(() => { /* the login does not respond: one can try again by signing in */ }).then(showAll);
