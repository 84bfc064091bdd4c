/* The frame: one view at a time, chosen by the fragment of the address. */

const views = [
  ['classify', 'Classify', classifyView],
  ['images', 'Images', imagesView],
  ['queue', 'Queue', queueView],
  ['doctor', 'Doctor', doctorView],
  ['report', 'Report', reportView],
  ['versions', 'Versions', versionsView],
];

let leave = null;
let moved = false;

function show() {
  const name = location.hash.slice(1).split('?')[0] || 'classify';
  if (name === 'main') return $('#main').focus();
  const [id, title, view] = views.find(([id]) => id === name) || views[0];
  if (leave) leave();
  leave = null;
  document.title = title + ' · Graft';
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.dataset.view === id) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const main = $('#main');
  const page = h('div', {class: 'view view-' + id});
  main.replaceChildren(page);
  window.scrollTo(0, 0);
  leave = view(page) || null;
  if (moved) page.querySelector('h1').focus({preventScroll: true});
  moved = true;
}

/** Which head answers, at the foot of the side bar. */
async function frame() {
  try {
    const head = (await api('GET', '/heads')).heads.find(one => one.latest);
    $('#head').textContent = head
      ? `${count(head.classes.length, 'class', 'classes')}, ${percent(head.accuracy, 1)} right on ${count(head.images, 'image')}`
      : 'No head yet';
  } catch {
    $('#head').textContent = '';
  }
}

for (const [id, title] of views) {
  $('#nav').append(h('li', {}, h('a', {href: '#' + id, 'data-view': id}, icon(id), h('span', {}, title))));
}
window.addEventListener('hashchange', show);
show();
frame();
