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

export const fileName = key => key.slice(key.lastIndexOf('/') + 1);

/** A steady colour of a label in degrees, so that the eye finds it again; Knuth's multiplicative hash spreads similar names. */
export function hue(label) {
  let hash = 0;
  for (const letter of label) hash = Math.imul(hash ^ letter.codePointAt(0), 2654435761);
  return Math.round((hash >>> 0) / 2 ** 32 * 360);
}
