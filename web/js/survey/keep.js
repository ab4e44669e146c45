/**
 * What the survey form keeps on this phone until the server has it: the answers as they stand, the records that
 * wait to go, the photographs. A record once tried is never changed: a second sending of it is the same record.
 */

const NAME = "khao-sat";

/**
 * How one step of the form stands on this phone.
 * @typedef {{ survey: string, step: string, fields: Record<string, string[]>, sent: Record<string, string>, waiting: boolean, problem: string }} Answer
 */
/**
 * A record on its way to the server. `seen` is the last record of the form that the page had shown when it was
 * written: one who had not seen the other's answer does not overwrite it.
 * @typedef {{ sequence: number, survey: string, step: string, subject: string, content: Record<string, unknown>, at: string, seen: number, tried: boolean }} Waiting
 */
/**
 * A photograph, made small.
 * @typedef {{ sequence: number, survey: string, step: string, subject: string, blob: Blob, name: string, at: string, state: "waiting" | "sent" | "refused", problem: string }} Photo
 */

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("meta");
      db.createObjectStore("answers", { keyPath: ["survey", "step"] });
      db.createObjectStore("waiting", { keyPath: "sequence" });
      db.createObjectStore("photos", { keyPath: "sequence" });
    };
    request.onsuccess = () => {
      // Another tab with a newer form must not be kept out.
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
  // Whoever waits for the work hears of the failure; the second promise must not be left unheard.
  done.catch(() => {});
  const value = await work((name) => tx.objectStore(name));
  await done;
  return value;
}

/** A random name that no other phone has. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The name of this phone, made once. @returns {Promise<string>} */
export function device() {
  return within(["meta"], "readwrite", async (store) => {
    const known = await got(store("meta").get("device"));
    if (typeof known === "string") return known;
    const fresh = randomId();
    store("meta").put(fresh, "device");
    return fresh;
  });
}

/** The next number of this phone. @param {(name: string) => IDBObjectStore} store @returns {Promise<number>} */
async function next(store) {
  const last = (await got(store("meta").get("sequence"))) ?? 0;
  store("meta").put(last + 1, "sequence");
  return last + 1;
}

/**
 * Keeps a step as it was typed, and a record of each part that says something new. A record of the same part that
 * nobody has tried to send gives way to its successor.
 * @param {string} survey @param {string} step @param {Record<string, string[]>} fields
 * @param {{ subject: string, content: Record<string, unknown> }[]} parts
 */
export function save(survey, step, fields, parts) {
  const at = new Date().toISOString();
  return within(["meta", "answers", "waiting"], "readwrite", async (store) => {
    const known = /** @type {Answer | undefined} */ (await got(store("answers").get([survey, step])));
    const sent = { ...known?.sent };
    const seen = Number((await got(store("meta").get(`seen:${survey}`))) ?? 0);
    const records = /** @type {Waiting[]} */ (await got(store("waiting").getAll()));
    let waiting = known?.waiting ?? false;
    for (const { subject, content } of parts) {
      const text = JSON.stringify(content);
      if (sent[subject] === text) continue;
      for (const old of records) if (old.survey === survey && old.subject === subject && !old.tried) store("waiting").delete(old.sequence);
      store("waiting").put({ sequence: await next(store), survey, step, subject, content, at, seen, tried: false });
      sent[subject] = text;
      waiting = true;
    }
    store("answers").put({ survey, step, fields, sent, waiting, problem: waiting ? "" : (known?.problem ?? "") });
  });
}

/** @param {Pick<Photo, "survey" | "step" | "subject" | "blob" | "name">} photo @returns {Promise<Photo>} */
export function savePhoto(photo) {
  return within(["meta", "photos"], "readwrite", async (store) => {
    const sequence = await next(store);
    /** @type {Photo} */
    const kept = { ...photo, sequence, at: new Date().toISOString(), state: "waiting", problem: "" };
    store("photos").put(kept);
    return kept;
  });
}

/** @param {number} sequence */
export function dropPhoto(sequence) {
  return within(["photos"], "readwrite", async (store) => void store("photos").delete(sequence));
}

/** @param {Photo} photo @param {Photo["state"]} state @param {string} problem */
export function photoIs(photo, state, problem) {
  return within(["photos"], "readwrite", async (store) => {
    const kept = await got(store("photos").get(photo.sequence));
    if (kept) store("photos").put({ ...kept, state, problem });
  });
}

/** @param {string} survey @returns {Promise<Answer[]>} */
export function answers(survey) {
  return within(["answers"], "readonly", async (store) => (await got(store("answers").getAll())).filter((one) => one.survey === survey));
}

/** @param {string} survey @returns {Promise<Photo[]>} */
export function photos(survey) {
  return within(["photos"], "readonly", async (store) => (await got(store("photos").getAll())).filter((one) => one.survey === survey));
}

/** The records that wait, oldest first. @param {string} survey @returns {Promise<Waiting[]>} */
export function waiting(survey) {
  return within(["waiting"], "readonly", async (store) => (await got(store("waiting").getAll())).filter((one) => one.survey === survey));
}

/** Marks records as tried: from now on they stay as they are. @param {Waiting[]} records */
export function trying(records) {
  return within(["waiting"], "readwrite", async (store) => {
    for (const one of records) if (!one.tried) store("waiting").put({ ...one, tried: true });
  });
}

/**
 * The server has answered for a record.
 * @param {Waiting} record @param {string} problem a sentence if it was refused
 */
export function settled(record, problem) {
  return within(["answers", "waiting"], "readwrite", async (store) => {
    store("waiting").delete(record.sequence);
    const left = /** @type {Waiting[]} */ (await got(store("waiting").getAll()));
    const answer = await got(store("answers").get([record.survey, record.step]));
    if (!answer) return;
    const more = left.some((one) => one.survey === record.survey && one.step === record.step && one.sequence !== record.sequence);
    store("answers").put({ ...answer, waiting: more, problem });
  });
}

/** A word that this phone keeps for a survey. @param {string} survey @param {string} name @returns {Promise<any>} */
export function note(survey, name) {
  return within(["meta"], "readonly", (store) => got(store("meta").get(`${name}:${survey}`)));
}

/** @param {string} survey @param {string} name @param {unknown} value `undefined` forgets it */
export function setNote(survey, name, value) {
  return within(["meta"], "readwrite", async (store) => {
    if (value === undefined) store("meta").delete(`${name}:${survey}`);
    else store("meta").put(value, `${name}:${survey}`);
  });
}

/** Takes everything of a survey off this phone; the number of the last record stays, so that none is used twice. @param {string} survey */
export function wipe(survey) {
  return within(["meta", "answers", "waiting", "photos"], "readwrite", async (store) => {
    for (const one of await got(store("answers").getAll())) if (one.survey === survey) store("answers").delete([one.survey, one.step]);
    for (const one of await got(store("waiting").getAll())) if (one.survey === survey) store("waiting").delete(one.sequence);
    for (const one of await got(store("photos").getAll())) if (one.survey === survey) store("photos").delete(one.sequence);
    for (const key of await got(store("meta").getAllKeys())) if (String(key).endsWith(`:${survey}`)) store("meta").delete(key);
  });
}
