/* SHA-256 (FIPS 180-4) for pages by plain http, where browsers offer none. */

/** The first 32 bits of what follows the point in the roots of the first primes. */
function fractions(count, root) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) found.push((root(n) % 1) * 2 ** 32 | 0);
  }
  return found;
}

const ROUNDS = fractions(64, Math.cbrt);
const START = fractions(8, Math.sqrt);

const turned = (x, n) => x >>> n | x << 32 - n;

/** Mixes the 64 bytes of `view` from `at` on into the state `h`. */
function mix(state, view, at, w) {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    w[i] = w[i - 16] + w[i - 7] + (turned(x, 7) ^ turned(x, 18) ^ x >>> 3) + (turned(y, 17) ^ turned(y, 19) ^ y >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) + ROUNDS[i] + w[i] | 0;
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + one | 0;
    d = c; c = b; b = a; a = one + two | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] += value; });
}

/** The SHA-256 of an ArrayBuffer, as 32 bytes. */
export function digest(buffer) {
  const state = Int32Array.from(START);
  const w = new Int32Array(64);
  const whole = buffer.byteLength - buffer.byteLength % 64;
  const view = new DataView(buffer);
  for (let at = 0; at < whole; at += 64) mix(state, view, at, w);
  const rest = new Uint8Array(buffer, whole);
  const end = new Uint8Array(rest.length < 56 ? 64 : 128);
  end.set(rest);
  end[rest.length] = 0x80;
  const last = new DataView(end.buffer);
  last.setBigUint64(end.length - 8, 8n * BigInt(buffer.byteLength));
  for (let at = 0; at < end.length; at += 64) mix(state, last, at, w);
  const bytes = new DataView(new ArrayBuffer(32));
  state.forEach((value, i) => bytes.setInt32(4 * i, value));
  return new Uint8Array(bytes.buffer);
}
