// Bytes as people read them who must: position, sixteen of them, and the same as text.

const WIDTH = 16;

export function hexdump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = bytes.subarray(at, at + WIDTH);
    const hex = Array.from(row, (byte, i) => (i === 8 ? ' ' : '') + byte.toString(16).padStart(2, '0')).join(' ');
    const text = Array.from(row, byte => byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·').join('');
    lines.push(`${String(at).padStart(8)}  ${hex.padEnd(WIDTH * 3)}  ${text}`);
  }
  return lines.join('\n');
}

/** The bytes of a payload that is shown as base64 or hex. */
export function bytesOf({format, data}) {
  if (format === 'hex') {
    return Uint8Array.from(data.match(/../g) ?? [], byte => parseInt(byte, 16));
  }
  return Uint8Array.from(atob(data), character => character.charCodeAt(0));
}
