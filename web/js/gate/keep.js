/**
 * What a gate keeps over a restart: its token, the lists, sealed portraits, who is inside by the random ids of passes,
 * and the scans that wait for the network. Nothing here names anybody, but on a supervisor's device.
 */

const NAME = "cong";

/** A scan as the server takes it. @typedef {{ seq: number, at: string, kind: string, method: string, pass?: string, card?: string, person?: string, mode: string, opened?: boolean, overridden?: boolean, reason?: string, voids?: number }} Scan */

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = () => {
      const has = request.result.objectStoreNames;
      for (const store of ["meta", "lists", "photos", "inside"]) if (!has.contains(store)) request.result.createObjectStore(store);
      for (const store of ["queue", "words"]) if (!has.contains(store)) request.result.createObjectStore(store, { keyPath: "seq" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * One transaction that is on the disk when it answers.
 * @template T
 * @param {string[]} stores
 * @param {IDBTransactionMode} mode
 * @param {(store: (name: string) => IDBObjectStore) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(stores, mode, work) {
  const db = await open();
  const tx = db.transaction(stores, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => reject(tx.error ?? new Error("aborted"));
    tx.onerror = () => reject(tx.error);
  });
  done.catch(() => {});
  const value = await work((name) => tx.objectStore(name));
  await done;
  return value;
}

/** @param {string} name @returns {Promise<any>} */
export function note(name) {
  return within(["meta"], "readonly", (store) => got(store("meta").get(name)));
}

/** @param {Record<string, unknown>} notes */
export function setNotes(notes) {
  return within(["meta"], "readwrite", async (store) => {
    for (const [name, value] of Object.entries(notes)) {
      if (value === undefined) store("meta").delete(name);
      else store("meta").put(value, name);
    }
  });
}

/** The next number of this device; never the same twice. @returns {Promise<number>} */
export function next() {
  return within(["meta"], "readwrite", async (store) => {
    const last = Number((await got(store("meta").get("seq"))) ?? 0);
    store("meta").put(last + 1, "seq");
    return last + 1;
  });
}

/** Lists as they came, the oldest first. @returns {Promise<ArrayBuffer[]>} */
export function lists() {
  return within(["lists"], "readonly", (store) => got(store("lists").getAll()));
}

/** Keeps a list; a whole one takes the place of all before. @param {number} madeAt @param {boolean} whole @param {ArrayBuffer} bytes */
export function keepList(madeAt, whole, bytes) {
  return within(["lists"], "readwrite", async (store) => {
    if (whole) store("lists").clear();
    store("lists").put(bytes, madeAt);
  });
}

/** @returns {Promise<string[]>} */
export function photoNames() {
  return within(["photos"], "readonly", async (store) => (await got(store("photos").getAllKeys())).map(String));
}

/** @param {string} file @returns {Promise<ArrayBuffer | undefined>} */
export function photo(file) {
  return within(["photos"], "readonly", (store) => got(store("photos").get(file)));
}

/** @param {string} file @param {ArrayBuffer} bytes */
export function keepPhoto(file, bytes) {
  return within(["photos"], "readwrite", async (store) => void store("photos").put(bytes, file));
}

/** Which passes are inside. @returns {Promise<Map<string, boolean>>} */
export function inside() {
  return within(["inside"], "readonly", async (store) => {
    const [keys, values] = [await got(store("inside").getAllKeys()), await got(store("inside").getAll())];
    return new Map(keys.map((key, at) => [String(key), Boolean(values[at])]));
  });
}

/** @param {[string, boolean][]} moves @param {boolean} anew forgets all before: another session */
export function keepMoves(moves, anew) {
  if (moves.length === 0 && !anew) return Promise.resolve();
  return within(["inside"], "readwrite", async (store) => {
    if (anew) store("inside").clear();
    for (const [pass, is] of moves) store("inside").put(is, pass);
  });
}

/** Puts a scan that was decided here into the queue, with who is inside after it. @param {Scan} scan @param {string | null} pass @param {boolean} is */
export function enqueue(scan, pass, is) {
  return within(["queue", "inside"], "readwrite", async (store) => {
    store("queue").put(scan);
    if (pass) store("inside").put(is, pass);
  });
}

/** What waits, in the order of its numbers. @returns {Promise<Scan[]>} */
export function queue() {
  return within(["queue"], "readonly", (store) => got(store("queue").getAll()));
}

/** @param {number[]} seqs */
export function settled(seqs) {
  return within(["queue"], "readwrite", async (store) => {
    for (const seq of seqs) store("queue").delete(seq);
  });
}

/** Takes the lists of a gate off this device; what waits to be sent stays. */
export function forget() {
  return within(["lists", "photos", "inside"], "readwrite", async (store) => {
    for (const name of ["lists", "photos", "inside"]) store(name).clear();
  });
}

/** Keeps a supervisor's word until the server has it. @param {import("./word.js").Word} word */
export function keepWord(word) {
  return within(["words"], "readwrite", async (store) => void store("words").put(word));
}

/** Words that wait, in the order of their numbers. @returns {Promise<import("./word.js").Word[]>} */
export function words() {
  return within(["words"], "readonly", (store) => got(store("words").getAll()));
}

/** @param {number} seq */
export function wordGiven(seq) {
  return within(["words"], "readwrite", async (store) => void store("words").delete(seq));
}

/**
 * Wipes this device: it was sent away, or its time is over. Scans that nobody else knows of stay until it is paired
 * again, as random ids; with none left nothing stays at all. Answers how many stay.
 * @returns {Promise<number>}
 */
export function wipe() {
  return within(["meta", "lists", "photos", "inside", "queue", "words"], "readwrite", async (store) => {
    const left = Number(await got(store("queue").count()));
    const seq = await got(store("meta").get("seq"));
    for (const name of ["meta", "lists", "photos", "inside", "words"]) store(name).clear();
    // Numbers go on where they were, or a scan that waits would be taken for another one.
    if (left > 0) store("meta").put(seq, "seq");
    return left;
  });
}
