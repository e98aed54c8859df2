/* Base64 (RFC 4648, padded) of bytes, without a host's own functions: browsers and Node differ there. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(LETTERS, (c) => c.charCodeAt(0));
const VALUES = new Uint8Array(256).fill(255);
CODES.forEach((code, value) => (VALUES[code] = value));
const PAD = "=".charCodeAt(0);

export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PAD);
  for (let i = 0, j = 0; i < bytes.length; i += 3, j += 4) {
    const rest = bytes.length - i;
    const word = (bytes[i]! << 16) | ((rest > 1 ? bytes[i + 1]! : 0) << 8) | (rest > 2 ? bytes[i + 2]! : 0);
    out[j] = CODES[word >> 18]!;
    out[j + 1] = CODES[(word >> 12) & 63]!;
    if (rest > 1) out[j + 2] = CODES[(word >> 6) & 63]!;
    if (rest > 2) out[j + 3] = CODES[word & 63]!;
  }
  return new TextDecoder().decode(out);
}

/** The bytes, or undefined when the text is not padded base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const pads = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - pads);
  for (let i = 0, j = 0; i < text.length; i += 4, j += 3) {
    let word = 0;
    for (let k = 0; k < 4; k++) {
      const padded = i + k >= text.length - pads;
      const code = text.charCodeAt(i + k);
      const value = padded ? 0 : code < 256 ? VALUES[code]! : 255;
      if (value === 255) return undefined;
      word = (word << 6) | value;
    }
    bytes[j] = word >> 16;
    if (j + 1 < bytes.length) bytes[j + 1] = word >> 8;
    if (j + 2 < bytes.length) bytes[j + 2] = word;
  }
  return bytes;
}
