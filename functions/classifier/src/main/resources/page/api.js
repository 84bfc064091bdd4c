/* The HTTP API that openapi.json describes. */

import {credentials, hasLogin, renew} from './login.js';
import {inSet} from './sets.js';
import {texts} from './texts.js';

/** What was refused, and why, in the words of the API's problem document or of this page. */
export class Problem extends Error {
  constructor(title, detail, status = 0) {
    super(detail);
    this.title = title;
    this.status = status;
  }
}

const PAUSES = [0.5, 1, 2, 4]; // seconds before another try

/** Whether the same request may fare better soon: there were too many at once, or a store did not respond. Every request may be repeated. */
const passes = ({status, headers}, json) => status === 429 && !json?.title || status === 503 && (headers.has('retry-after') || !json?.title);

let signInAgain = async () => false;
let asking = null;

/** Says how to ask a person to sign in again while their work stays; it gives whether they did. */
export function onExpiry(ask) {
  signInAgain = ask;
}

/** A valid token, by the refresh token or else by the person; asked once for all requests that wait. */
async function renewed() {
  try {
    if (await renew()) return true;
  } catch {
    throw new Problem(texts.problem.noResponse, texts.problem.loginOffline);
  }
  asking ??= signInAgain().finally(() => { asking = null; });
  return asking;
}

/** Sends a request, again where that may help; a Blob goes as it is, anything else as JSON. Gives the JSON of the response, null if it has none. */
export async function api(method, path, body, pauses = PAUSES) {
  const {response, json} = await send(method, path, body);
  if (response.ok) return json;
  if (passes(response, json) && pauses.length) {
    await new Promise(done => setTimeout(done, 1000 * pauses[0] * (0.5 + Math.random())));
    return api(method, path, body, pauses.slice(1));
  }
  if (json && json.detail) throw new Problem(json.title, json.detail, response.status);
  throw new Problem(texts.problem.refused, response.status === 401 || response.status === 403
    ? texts.problem.signIn
    : texts.problem.status(response.status), response.status);
}

async function send(method, path, body, again = hasLogin()) {
  let response;
  const carried = credentials();
  try {
    response = await fetch(inSet(method, path).slice(1), {
      method,
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      headers: {accept: 'application/json', ...carried, ...body === undefined || body instanceof Blob ? {} : {'content-type': 'application/json'}},
    });
  } catch {
    throw new Problem(texts.problem.noResponse, texts.problem.offline);
  }
  if (response.status === 401 && again) {
    const other = credentials().authorization !== carried.authorization; // somebody was faster
    if (other || await renewed()) return send(method, path, body, false);
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch { /* told below, as any other response without detail */ }
  return {response, json};
}

export const query = parameters => '?' + new URLSearchParams(parameters);
