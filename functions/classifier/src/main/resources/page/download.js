/* Files of the API for people. */

import {api} from './api.js';
import {complain} from './dialogs.js';
import {h} from './dom.js';
import {hasLogin} from './login.js';

/** A link to a file. Where one signs in its address is asked for when it is followed, as a plain link carries no token. */
export function fileLink(path, text, properties) {
  return h('a', {href: path, ...properties, onclick: async event => {
    if (!hasLogin()) return;
    event.preventDefault();
    const other = window.open('', '_blank'); // at once: a browser allows it only after a click; a download closes it
    try {
      other.location.assign((await api('GET', '/' + path)).url);
    } catch (error) {
      other.close();
      complain(error);
    }
  }}, text);
}
