/* Finding a name by a few of its letters. */

/** A text as it is compared: without case, accents and signs. */
const plain = text => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** How well a name fits: 0 where it begins so, 1 where a word in it does, 2 where it only holds the letters, 3 where it does not. */
function distance(name, wanted) {
  const text = plain(name);
  if (text.startsWith(wanted)) return 0;
  if (text.includes(' ' + wanted)) return 1;
  return text.includes(wanted) ? 2 : 3;
}

/** The names that hold what was typed, those first that fit best; all where nothing was. */
export function matching(names, typed) {
  const wanted = plain(typed);
  return names.map(name => [distance(name, wanted), name]).filter(([far]) => far < 3).sort(([a], [b]) => a - b).map(([, name]) => name);
}
