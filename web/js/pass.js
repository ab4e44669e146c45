/**
 * Reads passes in the browser with the same program as the server (`crates/pass`), with no network once loaded.
 * The page must be allowed to: `Page::wasm`.
 */

/**
 * A pass that is valid on the day.
 * @typedef {{ valid: true, key: number, id: string, category: number, zones: number, first: string, last: string, name: string }} Valid
 */
/**
 * One that is not; `why` is the key of its words, and beside it stands what they need.
 * @typedef {{ valid: false, why: string, version?: number, key?: number, id?: string, first?: string, last?: string }} Refused
 */
/**
 * @typedef {{
 *   memory: WebAssembly.Memory,
 *   pass_room: (length: number) => number,
 *   pass_answer: () => number,
 *   pass_keys: () => number,
 *   pass_revoke: () => number,
 *   pass_since: (after: number) => number,
 *   pass_sequence: () => number,
 *   pass_key_sequence: () => number,
 *   pass_read: (day: number) => number,
 * }} Exports
 */

/** In the order of `Refusal::KEYS`. */
const REFUSALS = [
  "pass-unreadable", "pass-wrong-version", "pass-altered", "pass-foreign", "pass-unknown-key", "pass-forged",
  "pass-revoked", "pass-not-yet", "pass-expired",
];
const KEY_ERRORS = ["pass-keys-unreadable", "pass-keys-forged", "pass-keys-wrong", "pass-keys-foreign", "pass-keys-older"];
const DELTA_ERRORS = ["pass-revocations-unreadable", "pass-revocations-gap"];
/** Said before any keys were given. */
export const NO_KEYS = "pass-no-keys";
/** Longer texts are no code; the reader would say the same. */
const LONGEST = 1024;
const DAY_MS = 86_400_000;
const START = Date.UTC(2020, 0, 1);
/** The last number a pass can say. */
const LAST_DAY = 65_535;

/** The number of a day, from `2025-10-13`. @param {string} day */
function number(day) {
  const days = /^\d{4}-\d{2}-\d{2}$/.test(day) ? (Date.parse(`${day}T00:00:00Z`) - START) / DAY_MS : NaN;
  if (!(days >= 0 && days <= LAST_DAY)) throw new RangeError(`not a day: ${day}`);
  return days;
}

/** The day of a number, as `2025-10-13`. @param {number} days */
function day(days) {
  return new Date(START + days * DAY_MS).toISOString().slice(0, 10);
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What one gate knows and decides: the keys of the congress and the passes that were revoked. */
export class Gate {
  /** @type {Exports} */
  #wasm;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const instance = new WebAssembly.Instance(module, {});
    this.#wasm = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
  }

  /** Loads the reader. @param {string} url its address, with its hash */
  static async load(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return new Gate(await WebAssembly.compile(await answer.arrayBuffer()));
  }

  /** @param {Uint8Array} bytes @returns {boolean} whether there is room for them */
  #give(bytes) {
    const at = this.#wasm.pass_room(bytes.length);
    if (at === 0) return false;
    // After `pass_room`, which may have moved the memory.
    new Uint8Array(this.#wasm.memory.buffer, at, bytes.length).set(bytes);
    return true;
  }

  /** A copy of the answer. @param {number} length */
  #answer(length) {
    return new Uint8Array(this.#wasm.memory.buffer, this.#wasm.pass_answer(), length).slice();
  }

  /**
   * Takes a list of keys that the root key signed; an older or foreign one changes nothing.
   * @param {Uint8Array} root the public root key
   * @param {Uint8Array} list
   * @returns {string | null} the key of the words why not, or null when taken
   */
  keys(root, list) {
    const bytes = new Uint8Array(root.length + list.length);
    bytes.set(root);
    bytes.set(list, root.length);
    if (root.length !== 32 || !this.#give(bytes)) return KEY_ERRORS[0];
    const code = this.#wasm.pass_keys();
    return code === 0 ? null : KEY_ERRORS[code - 1];
  }

  /**
   * Takes a delta of revoked passes.
   * @param {Uint8Array} delta
   * @returns {string | null} the key of the words why not, or null when taken
   */
  revoke(delta) {
    if (!this.#give(delta)) return DELTA_ERRORS[0];
    const code = this.#wasm.pass_revoke();
    return code === 0 ? null : DELTA_ERRORS[code - 1];
  }

  /** What was revoked after a sequence, to be kept over a restart. @param {number} after */
  since(after) {
    return this.#answer(this.#wasm.pass_since(after));
  }

  /** The sequence of the newest revoked pass that is known. */
  get sequence() {
    return this.#wasm.pass_sequence() >>> 0;
  }

  /** The sequence of the list of keys; null before there is one. */
  get keySequence() {
    const next = this.#wasm.pass_key_sequence() >>> 0;
    return next === 0 ? null : next - 1;
  }

  /**
   * Decides on what was scanned.
   * @param {string} text
   * @param {string} on the day, `2025-10-13`
   * @returns {Valid | Refused}
   */
  read(text, on) {
    const bytes = new TextEncoder().encode(text);
    const today = number(on);
    if (bytes.length > LONGEST || !this.#give(bytes)) return { valid: false, why: REFUSALS[0] };
    const said = this.#answer(this.#wasm.pass_read(today));
    const two = (/** @type {number} */ at) => (said[at] << 8) | said[at + 1];
    if (said[0] === 0) {
      return {
        valid: true,
        key: said[1],
        id: hex(said.subarray(2, 8)),
        category: said[8],
        zones: two(9),
        first: day(two(11)),
        last: day(two(13)),
        name: new TextDecoder().decode(said.subarray(15)),
      };
    }
    const why = REFUSALS[said[0] - 1] ?? NO_KEYS;
    switch (why) {
      case "pass-wrong-version":
        return { valid: false, why, version: said[1] };
      case "pass-unknown-key":
        return { valid: false, why, key: said[1] };
      case "pass-revoked":
        return { valid: false, why, id: hex(said.subarray(1, 7)) };
      case "pass-not-yet":
        return { valid: false, why, first: day(two(1)) };
      case "pass-expired":
        return { valid: false, why, last: day(two(1)) };
      default:
        return { valid: false, why };
    }
  }
}

/** Whether a pass opens a zone, from 0. @param {Valid} pass @param {number} zone */
export function opens(pass, zone) {
  return zone >= 0 && zone < 16 && ((pass.zones >> zone) & 1) === 1;
}
