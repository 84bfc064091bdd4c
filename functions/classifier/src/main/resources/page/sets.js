/* Which label set the page is about: one choice for all views. */

const CHOSEN = 'graft-set';
const DEFAULT_SET = 'default';

/** Method and path of the routes that a label set can be named to, as openapi.json has them. */
const ROUTES = [
  /^(GET|POST) \/classify$/, /^PUT \/images\/label$/, /^GET \/images(\/history)?$/, /^(GET|POST) \/labels(\/\w+)?$/,
  /^(GET|PUT|DELETE) \/heads(\/.+)?$/, /^GET \/(queue|doctor|copies|drift|status)$/, /^(GET|PUT) \/(settings|classes)$/, /^POST \/(batch|uploads|images\/find)$/,
  /^(GET|POST) \/export\/(images|features)$/, /^GET \/export\/(labels\.csv|labels\.manifest|folders\.txt|model\.onnx)$/,
];

/** The name of the set that was chosen; the page of a test has no storage. */
const chosenSet = () => globalThis.sessionStorage?.getItem(CHOSEN) || DEFAULT_SET;

/** Whether folders say the labels: they label the default set alone. */
export const inDefaultSet = () => chosenSet() === DEFAULT_SET;

/** The path of a request, in this set where its route has one. */
export function inSet(method, path, set = chosenSet()) {
  if (set === DEFAULT_SET || !ROUTES.some(route => route.test(`${method} ${path.replace(/\?.*/, '')}`))) return path;
  return `${path}${path.includes('?') ? '&' : '?'}set=${set}`;
}

/** Makes another set the one that all views are about. */
export function chooseSet(name) {
  sessionStorage.setItem(CHOSEN, name);
}

/** Which of these names is chosen; a set that is there no more is chosen no longer. */
export function chosenAmong(names) {
  if (!names.includes(chosenSet())) chooseSet(DEFAULT_SET);
  return chosenSet();
}
