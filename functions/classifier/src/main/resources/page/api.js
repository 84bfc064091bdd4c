/* The HTTP API that openapi.json describes. */

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

/** Whether the same request may fare better soon: there were too many, or a store did not respond. Every request may be repeated. */
const passes = ({status, headers}, json) => status === 429 || status === 503 && (headers.has('retry-after') || !json?.title);

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

async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path.slice(1), {
      method,
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      headers: body === undefined || body instanceof Blob ? {} : {'content-type': 'application/json'},
    });
  } catch {
    throw new Problem(texts.problem.noResponse, texts.problem.offline);
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch { /* told below, as any other response without detail */ }
  return {response, json};
}

export const query = parameters => '?' + new URLSearchParams(parameters);
