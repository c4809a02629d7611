/** Files in a ZIP, as they are: sound that is no text gains nothing from packing. Names are UTF-8. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * @param {{name: string, bytes: Uint8Array}[]} files under 4 GB in all, fewer than 65,536
 * @param {Date} [at]
 * @returns {Blob}
 */
export function zip(files, at = new Date()) {
  const parts = [];
  const directory = [];
  const date = ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    // What both headers have in common: version 2.0, UTF-8 names, stored, when, how long, the name's length.
    const common = [[20, 2], [0x0800, 2], [0, 2], [time, 2], [date, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [path.length, 2], [0, 2]];
    const head = fields([[0x04034b50, 4], ...common]);
    parts.push(head, path, bytes);
    directory.push(fields([[0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    offset += head.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}

/** Little-endian numbers of 2 or 4 bytes. */
function fields(list) {
  const bytes = new DataView(new ArrayBuffer(list.reduce((sum, [, width]) => sum + width, 0)));
  let at = 0;
  for (const [value, width] of list) {
    if (width === 2) bytes.setUint16(at, value, true);
    else bytes.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(bytes.buffer);
}
