/* Pictures in formats that Graft does not read, as phones make them: a JPEG in their place where the browser can open them. */

import {Problem} from './api.js';
import {h} from './dom.js';
import {texts} from './texts.js';

const LONGEST = 4096; // of a canvas that every browser makes
const ENDING = /\.(heic|heif|avif)$/i;

/** Whether a file has to be converted, by its type, or by its name where the browser does not know the type. */
export const isForeign = ({name = '', type = ''}) => /^image\/(heic|heif|avif)/.test(type) || ENDING.test(name);

/** What a browser shows of a picture, upright and on white, as a JPEG whose longer side has at most so many pixels. */
export async function asJpeg(picture, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = h('canvas', {width: Math.round(width * scale), height: Math.round(height * scale)});
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.92));
}

/** The file itself, or where Graft does not read its format a JPEG in its place, of the same name and in the same folder. */
export async function readable(file) {
  if (!isForeign(file)) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
  } catch {
    throw new Problem(texts.upload.unreadable, /avif$/i.test(file.type || file.name) ? texts.upload.avif(file.name) : texts.upload.heic(file.name));
  }
  const name = file.name.replace(ENDING, '') + '.jpg';
  const jpeg = new File([await asJpeg(bitmap, bitmap.width, bitmap.height, LONGEST)], name, {type: 'image/jpeg', lastModified: file.lastModified});
  bitmap.close();
  const {webkitRelativePath: path} = file;
  if (path) Object.defineProperty(jpeg, 'webkitRelativePath', {value: path.slice(0, path.lastIndexOf('/') + 1) + name});
  return jpeg;
}
