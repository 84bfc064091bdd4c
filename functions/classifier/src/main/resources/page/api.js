/* The HTTP API that openapi.json describes. */

const MAX_BODY_BYTES = 4_400_000;

/** What the API refused, in the words of its problem document. */
class Problem extends Error {
  constructor(title, detail, status = 0) {
    super(detail);
    this.title = title;
    this.status = status;
  }
}

/** Sends a request; a Blob goes as it is, anything else as JSON. Gives the JSON of the answer, null if it has none. */
async function api(method, path, body) {
  let response;
  try {
    response = await fetch(path.slice(1), {
      method,
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      headers: body === undefined || body instanceof Blob ? {} : {'content-type': 'application/json'},
    });
  } catch {
    throw new Problem('No answer', 'The product does not answer. Check that it runs and that you are online, then try again.');
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch { /* told below, as any other answer without detail */ }
  if (response.ok) return json;
  if (json && json.detail) throw new Problem(json.title, json.detail, response.status);
  throw new Problem('Refused', response.status === 401 || response.status === 403
    ? 'You are not signed in, or no longer. Sign in again and reload the page.'
    : `The product answered with status ${response.status}. Try again in a few seconds.`, response.status);
}

const noHead = () => empty('Nothing learned yet', 'Add pictures of at least two classes and label them, a folder for each is enough. The next training then makes the first head.',
  h('a', {class: 'button main', href: '#images'}, 'Add pictures'));

/** The summary of the head in use; where there is none, undefined, and `body` says how to get one. */
async function headInUse(body) {
  const latest = (await api('GET', '/heads')).heads.find(head => head.latest);
  if (!latest) body.replaceChildren(noHead());
  return latest;
}

const query = parameters => '?' + new URLSearchParams(parameters);

/** Classes by name with their counts, kept for suggestions while typing. */
async function labels(several = false) {
  const found = await api('GET', '/labels' + query({several}));
  $('#labels').replaceChildren(...found.labels.map(({label}) => h('option', {value: label})));
  return found;
}

/** A copy small enough for one request; larger files than that need it, others go as they are. */
async function forRequest(file) {
  if (file.size <= MAX_BODY_BYTES) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Problem('Unreadable image', `${file.name} is larger than 4.4 MB and this browser cannot open it to make a smaller copy: choose a JPEG, PNG, GIF or WebP.`);
  }
  const scale = Math.min(1, 2048 / Math.max(bitmap.width, bitmap.height));
  const canvas = h('canvas', {width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale)});
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.92));
}

/** A label that can be a folder of the images bucket; empty text for none. */
function labelForKey(text) {
  const label = text.trim();
  if (/[/]|^\.+$/.test(label)) throw new Problem('Label', 'A label for new pictures cannot hold a slash or be only dots: choose another.');
  return label;
}

/** Puts a file into the images bucket through a link; the same content under the same name keeps its key. */
async function upload(file, label) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const short = [...hash.slice(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join('');
  const dot = file.name.lastIndexOf('.');
  const name = dot > 0 ? `${file.name.slice(0, dot)}-${short}${file.name.slice(dot)}` : `${file.name}-${short}`;
  const link = await api('POST', '/uploads', {key: `images/${label ? label + '/' : ''}${name}`});
  const response = await fetch(link.url, {method: link.method, body: new Blob([file])}).catch(() => null);
  if (!response || !response.ok) {
    throw new Problem('Not uploaded', `${file.name} did not reach the images bucket. Try again; if it fails again, check the CORS rule of the bucket.`);
  }
  return link.key;
}

/** Asks for a text, or only for consent if `label` is missing; gives null when cancelled. */
function ask({title, text, label, value = '', action}) {
  return new Promise(done => {
    const input = label ? h('input', {type: 'text', id: 'asked', value, required: true, maxLength: 128, autocomplete: 'off'}) : null;
    if (input) input.setAttribute('list', 'labels');
    const dialog = h('dialog', {'aria-label': title},
      h('form', {method: 'dialog'},
        h('h2', {}, title), text ? h('p', {class: 'muted'}, text) : null,
        input ? h('div', {class: 'field'}, h('label', {for: 'asked'}, label), input) : null,
        h('div', {class: 'row end'},
          button('Cancel', () => dialog.close('')),
          h('button', {class: 'button main', value: 'yes'}, action))));
    dialog.addEventListener('close', () => {
      const yes = dialog.returnValue === 'yes';
      dialog.remove();
      done(yes ? (input ? input.value.trim() : true) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (input) input.select();
  });
}
