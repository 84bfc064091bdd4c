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

const chosenHues = new Map();

/** Takes the colours that people chose, as the API has them. */
export function setHues(classes) {
  chosenHues.clear();
  for (const {label, hue: chosen} of classes) if (chosen) chosenHues.set(label, chosen);
}

/**
 * The colour of a label in degrees: the one that somebody chose, else a steady one of its name, so that the eye finds it again;
 * Knuth's multiplicative hash spreads similar names. The style sheet gives each the same lightness, so that all can be read.
 */
export function hue(label) {
  if (chosenHues.has(label)) return chosenHues.get(label);
  let hash = 0;
  for (const letter of label) hash = Math.imul(hash ^ letter.codePointAt(0), 2654435761);
  return Math.round((hash >>> 0) / 2 ** 32 * 360);
}
