/*
 * Signing in where the page says that there is a login: OAuth 2.0 authorization code with PKCE (RFC 6749, RFC 7636). The
 * access token stays in memory, the refresh token in this tab's storage. Other tabs are told of codes and of signing out.
 */

const KEPT = 'graft-refresh';
const ASKED = 'graft-asked';
const SCOPES = ['openid', 'email', 'graft/read', 'graft/write'];

const page = () => globalThis.document?.documentElement.dataset ?? {};
const home = () => location.origin + location.pathname;
const base64 = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const random = () => base64(crypto.getRandomValues(new Uint8Array(32)));

let tokens = null; // as the login gave them last
let renewal = null; // the one that is under way
let channel = null;
let takeCode = null; // of the window that was opened to sign in again

/** The token of the share link that opened this page; undefined where none did. Whoever has one classifies, and does nothing else. */
export const shareToken = /^#share=([\w-]+)$/.exec(globalThis.location?.hash)?.[1];

/** Whether one has to sign in here at all; on one machine nobody has to, and nobody with a share link. */
export const hasLogin = () => !shareToken && Boolean(page().loginClient);

/** What a request carries. */
export const credentials = () => shareToken ? {'x-graft-share': shareToken}
  : tokens ? {authorization: [tokens.token_type, tokens.access_token].join(' ')} : {};

/** The claims of a token, without a check: the API checks, the page only shows. */
export const claims = token => JSON.parse(new TextDecoder().decode(
  Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))));

/** The e-mail of who signed in; null while nobody is. */
export const who = () => tokens ? claims(tokens.id_token).email || claims(tokens.id_token).sub : null;

const post = (path, fields) => fetch(page().loginDomain + path, {method: 'POST', body: new URLSearchParams({client_id: page().loginClient, ...fields})});

/** Exchanges a code or the refresh token; gives whether the login accepted it. Throws where it does not respond. */
async function exchange(fields) {
  const response = await post('/oauth2/token', fields);
  if (response.status >= 500) throw new TypeError(String(response.status));
  if (!response.ok) {
    forget();
    return false;
  }
  tokens = {...tokens, ...await response.json()};
  if (tokens.refresh_token) sessionStorage.setItem(KEPT, tokens.refresh_token);
  return true;
}

function forget() {
  tokens = null;
  sessionStorage.removeItem(KEPT);
}

/** Where to sign in, and what proves later that the answer is meant for us. */
async function question() {
  const [verifier, state] = [random(), random()];
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const url = page().loginDomain + '/oauth2/authorize?' + new URLSearchParams({
    response_type: 'code', client_id: page().loginClient, redirect_uri: home(), state,
    scope: SCOPES.join(' '), code_challenge_method: 'S256', code_challenge: base64(new Uint8Array(digest)),
  });
  return {url, state, verifier};
}

const redeem = (code, verifier) => exchange({grant_type: 'authorization_code', code, redirect_uri: home(), code_verifier: verifier});

/** Leaves for the login, and comes back to this view. */
export async function signIn() {
  const {url, state, verifier} = await question();
  sessionStorage.setItem(ASKED, JSON.stringify({state, verifier, back: location.hash}));
  location.assign(url);
}

/** Signs in again in a window beside this one, so that nothing is lost here; gives whether somebody did. */
export async function signInBeside() {
  const beside = window.open('', '_blank', 'popup,width=520,height=720'); // at once: a browser allows it only after a click
  if (!beside) return false;
  const {url, state, verifier} = await question();
  const code = new Promise(done => {
    takeCode = answer => { if (answer.state === state) done(answer.code); };
    const look = setInterval(() => {
      if (!beside.closed) return;
      clearInterval(look);
      setTimeout(() => done(null), 1000); // its last words may be on their way
    }, 500);
  });
  beside.location.assign(url);
  const given = await code;
  takeCode = null;
  return given ? redeem(given, verifier) : false;
}

/** Begins a page: takes what the login sent along, or goes on with what this tab had. `signedOut` is called when another tab signs out. */
export async function begin(signedOut) {
  if (!hasLogin()) return;
  channel = new BroadcastChannel('graft-login');
  channel.addEventListener('message', ({data}) => {
    if (data.state) return takeCode?.(data);
    revoke();
    signedOut();
  });
  const answer = Object.fromEntries(new URLSearchParams(location.search));
  const asked = JSON.parse(sessionStorage.getItem(ASKED) || '{}');
  if (answer.state && answer.state === asked.state) {
    sessionStorage.removeItem(ASKED);
    history.replaceState(null, '', location.pathname + asked.back);
    if (answer.code) await redeem(answer.code, asked.verifier);
  } else if (answer.state) {
    history.replaceState(null, '', location.pathname);
    channel.postMessage({state: answer.state, code: answer.code});
    window.close(); // only where another page of ours opened it
  } else {
    await renew();
  }
}

/** Gets another access token, once for all who ask meanwhile; gives whether there is one. */
export function renew() {
  const refresh = sessionStorage.getItem(KEPT);
  if (!refresh) return Promise.resolve(false);
  renewal ??= exchange({grant_type: 'refresh_token', refresh_token: refresh}).finally(() => { renewal = null; });
  return renewal;
}

async function revoke() {
  const token = sessionStorage.getItem(KEPT);
  forget();
  if (token) await post('/oauth2/revoke', {token, token_type_hint: 'refresh_token'}).catch(() => { /* it ends by itself */ });
}

/** Signs out here and in every tab, and at the login. */
export async function signOut() {
  channel.postMessage({});
  await revoke();
  location.assign(page().loginDomain + '/logout?' + new URLSearchParams({client_id: page().loginClient, logout_uri: home()}));
}
