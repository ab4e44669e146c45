/**
 * Opens what a device carries: a list whose records open only with the badge they are of. The other half is
 * `crates/areas/people/src/gates/{seal,snapshot}.rs`.
 */

/**
 * What stands before the records.
 * @typedef {{
 *   made_at: number, whole: boolean, gate: string, gate_name: string, direction: string, zone: number, zone_name: string,
 *   lane: number, lanes: number[], device: string, supervisor: boolean, role: string, until: number | null, confirms: boolean,
 *   sessions: { slug: string, title: string, from: number, to: number }[],
 *   windows: { category: number, name: string, from: number | null, to: number | null }[],
 *   pepper: string, salt: string, root: string, keys: string, revocations: string,
 *   stale_after_ms: number, alone_after_ms: number, photos: string[], people?: Card[],
 * }} Header
 */
/** @typedef {{ code: string, name: string, group: number | null, category: string, position: string, photo: string | null, inside: boolean, since: string | null, seat?: string | null, door?: number | null }} Card */
/** @typedef {{ on_roll: boolean, summoned: boolean, category: number, group: number, photo: string | null, seat: string | null, door: number | null, code: string, name: string }} Person */
/** @typedef {{ header: Header, records: Map<string, Uint8Array<ArrayBuffer>> }} List */

const MAGIC = "DHS1";
const NAME = 8;
const ON_ROLL = 1;
const SUMMONED = 2;
const HAS_PHOTO = 4;
const HAS_SEAT = 8;
const LABELS = { record: "dienhong gate record\n", photo: "dienhong gate photo\n" };

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
export function base64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {string} uuid */
function uuidBytes(uuid) {
  return Uint8Array.from(uuid.replace(/-/g, "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes */
function uuidText(bytes) {
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/**
 * The digits of a pass in what a scanner or a camera gave: bare, or at the end of an address; null for anything else.
 * @param {string} text
 */
export function digits(text) {
  // eslint-disable-next-line no-control-regex
  const bare = text.replace(/^[\s\u0000-\u001f]+|[\s\u0000-\u001f]+$/g, "");
  const code = /^https?:\/\/[^/]+\/b\/(\d+)$/.exec(bare)?.[1] ?? bare;
  return /^\d+$/.test(code) && code.length <= 1024 ? code : null;
}

/** @param {ArrayBuffer} buffer @returns {List} */
export function parse(buffer) {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC) throw new Error("not a list");
  const length = view.getUint32(4);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  let at = 8 + length;
  const count = view.getUint32(at);
  at += 4;
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const records = new Map();
  for (let n = 0; n < count; n += 1) {
    const size = view.getUint16(at + NAME);
    const start = at + NAME + 2;
    records.set(hex(bytes.subarray(at, at + NAME)), bytes.slice(start, start + size));
    at = start + size;
  }
  return { header, records };
}

/**
 * The name and the key of what belongs to a badge.
 * @param {keyof typeof LABELS} purpose
 * @param {string} code
 * @param {Uint8Array<ArrayBuffer>} pepper
 * @param {Uint8Array<ArrayBuffer>} salt
 */
async function keyOf(purpose, code, pepper, salt) {
  const label = new TextEncoder().encode(LABELS[purpose]);
  const info = new Uint8Array(label.length + salt.length);
  info.set(label);
  info.set(salt, label.length);
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "HKDF", false, ["deriveBits"]);
  const bits = new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: pepper, info }, secret, (NAME + 32) * 8));
  const key = await crypto.subtle.importKey("raw", bits.slice(NAME), "AES-GCM", false, ["decrypt"]);
  return { name: hex(bits.subarray(0, NAME)), key };
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} sealed */
async function unseal(key, sealed) {
  const iv = new Uint8Array(12);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
}

/**
 * The person of a badge, from the newest list that has a record of it.
 * @param {List[]} lists the newest first
 * @param {string} code
 * @returns {Promise<Person | null>}
 */
export async function person(lists, code) {
  for (const { header, records } of lists) {
    const { name, key } = await keyOf("record", code, base64(header.pepper), base64(header.salt));
    const sealed = records.get(name);
    if (!sealed) continue;
    const bytes = await unseal(key, sealed);
    let at = 3;
    let photo = null;
    if (bytes[0] & HAS_PHOTO) {
      photo = uuidText(bytes.subarray(at, at + 16));
      at += 16;
    }
    const text = new TextDecoder();
    let seat = null;
    let door = null;
    if (bytes[0] & HAS_SEAT) {
      door = bytes[at] || null;
      const end = at + 2 + bytes[at + 1];
      seat = text.decode(bytes.subarray(at + 2, end));
      at = end;
    }
    const length = bytes[at];
    return {
      on_roll: (bytes[0] & ON_ROLL) !== 0,
      summoned: (bytes[0] & SUMMONED) !== 0,
      category: bytes[1],
      group: bytes[2],
      photo,
      seat,
      door,
      code: text.decode(bytes.subarray(at + 1, at + 1 + length)),
      name: text.decode(bytes.subarray(at + 1 + length)),
    };
  }
  return null;
}

/**
 * A portrait that was carried; null when it does not open with this badge.
 * @param {string} code
 * @param {string} pepper Base64
 * @param {string} file
 * @param {Uint8Array<ArrayBuffer>} sealed
 */
export async function portrait(code, pepper, file, sealed) {
  try {
    const { key } = await keyOf("photo", code, base64(pepper), uuidBytes(file));
    return new Blob([await unseal(key, sealed)], { type: "image/jpeg" });
  } catch {
    // Of an earlier badge of this person: the next prefetch brings it anew.
    return null;
  }
}
