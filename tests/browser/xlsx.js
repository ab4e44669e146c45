// Opens and packs the zip of a workbook, as much as these tests need.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** The parts of a workbook by name. @param {Buffer} zip @returns {Map<string, Buffer>} */
export function open(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const parts = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const [name, extra, note] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const raw = zip.subarray(start, start + size);
    parts.set(zip.toString('utf8', at + 46, at + 46 + name), method === 8 ? inflateRawSync(raw) : Buffer.from(raw));
    at += 46 + name + extra + note;
  }
  return parts;
}

/** @param {Map<string, Buffer>} parts @returns {Buffer} */
export function pack(parts) {
  const bodies = [];
  const index = [];
  let offset = 0;
  for (const [name, bytes] of parts) {
    const title = Buffer.from(name);
    const packed = deflateRawSync(bytes);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x800, 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(0x21, 6);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, title, packed]);
    index.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, place, title]));
    bodies.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(index);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.size, 4);
  end.writeUInt16LE(parts.size, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, list, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

/** The same workbook with one text in place of another, in sheets and shared strings. */
export function edit(zip, from, to) {
  const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const parts = open(zip);
  let found = 0;
  for (const [name, bytes] of parts) {
    if (!/sharedStrings|worksheets\/sheet/.test(name)) continue;
    const text = bytes.toString('utf8');
    const pieces = text.split(escape(from));
    found += pieces.length - 1;
    parts.set(name, Buffer.from(pieces.join(escape(to))));
  }
  if (found !== 1) throw new Error(`“${from}” stands ${found} times in the workbook`);
  return pack(parts);
}
