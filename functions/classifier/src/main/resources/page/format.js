/* Numbers, times and names as people read them. */

const LANGUAGE = 'en';

export const number = value => value.toLocaleString(LANGUAGE);

/** A number of things: "1 image", "1,200 images". */
export const count = (value, one, many = one + 's') => number(value) + ' ' + (value === 1 ? one : many);

/** A share in percent. What is rounded to nothing or to all, although it is not, says so. */
export function percent(value, digits = 0) {
  const scaled = 100 * value;
  if (digits === 0 && scaled > 0 && scaled < 1) return '<1 %';
  if (digits === 0 && scaled > 99 && scaled < 100) return '>99 %';
  return scaled.toFixed(digits) + ' %';
}

/** A time of the API in the time zone of the reader; empty if it is none. */
export function when(text) {
  const date = new Date(text);
  return isNaN(date) ? '' : date.toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});
}

/** The size of a file. */
export function fileSize(bytes) {
  const [unit, name] = [[1e9, 'GB'], [1e6, 'MB']].find(([least]) => bytes >= least) || [1e3, 'KB'];
  return `${number(Math.ceil(10 * bytes / unit) / 10)} ${name}`;
}

export const fileName = key => key.slice(key.lastIndexOf('/') + 1);

const WHEEL = 360; // degrees
const APART = 24; // degrees that the eye tells apart
const SPREAD = 30; // of more classes some look alike anyway
const hues = new Map();

/** Degrees between two colours, the shorter way round. */
const apart = (one, other) => WHEEL / 2 - Math.abs(Math.abs(one - other) - WHEEL / 2);

/** The colour nearest to `own` that is so many degrees from all others; `own` where there is none. */
function free(own, gap) {
  for (let off = 0; off <= WHEEL / 2; off++) {
    for (const degrees of [(own + off) % WHEEL, (own - off + WHEEL) % WHEEL])
      if ([...hues.values()].every(other => apart(degrees, other) >= gap)) return degrees;
  }
  return own;
}

/** Takes the colours that people chose, as the API has them, and gives the other labels, if these are few, colours that differ. */
export function setHues(classes, labels = []) {
  hues.clear();
  for (const {label, hue: chosen} of classes) if (chosen) hues.set(label, chosen);
  if (labels.length > SPREAD) return;
  const gap = Math.min(APART, WHEEL / 2 / labels.length);
  for (const label of [...labels].sort()) if (!hues.has(label)) hues.set(label, free(hueOfName(label), gap));
}

/**
 * The colour of a label in degrees: the one that somebody chose, else a steady one of its name, so that the eye finds it again,
 * moved where another class has it. The style sheet gives each the same lightness, so that all can be read.
 */
export const hue = label => hues.get(label) ?? hueOfName(label);

/** Knuth's multiplicative hash spreads similar names. */
function hueOfName(label) {
  let hash = 0;
  for (const letter of label) hash = Math.imul(hash ^ letter.codePointAt(0), 2654435761);
  return Math.round((hash >>> 0) / 2 ** 32 * 360);
}
