/**
 * Sends what waits on this phone, in batches, oldest first, until the server has answered for each record. Killed in
 * the middle, it sends the same records again under the same numbers, and the server says that it has them.
 */

import * as keep from "./keep.js";

/** Records in one request. */
const BATCH = 50;

/**
 * Where things stand after a try.
 * @typedef {{ state: "sent" | "offline" | "signed-out" | "refused" | "later" | "handed-in", text: string, seconds: number }} Outcome
 */

/** The server did not take it: why, and when to come again. */
class Refusal extends Error {
  /** @param {Outcome["state"]} state @param {string} text @param {number} seconds */
  constructor(state, text, seconds) {
    super(text);
    this.state = state;
    this.seconds = seconds;
  }
}

/**
 * @param {string} url @param {BodyInit} body @param {string} type @param {string} key
 * @returns {Promise<any>} the answer, or a {@link Refusal} is thrown
 */
async function post(url, body, type, key) {
  /** @type {Record<string, string>} */
  const headers = { "Idempotency-Key": key, Accept: "application/json" };
  // A form says its own type, with the mark between its parts.
  if (type) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers });
  } catch {
    throw new Refusal("offline", "", 0);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const text = typeof said.detail === "string" ? said.detail : "";
  if (answer.status === 401) throw new Refusal("signed-out", text, 0);
  if (answer.status === 429 || answer.status >= 500) throw new Refusal("later", text, Number(answer.headers.get("Retry-After")) || 15);
  throw new Refusal("refused", text, 0);
}

/** @type {Promise<Outcome> | null} */
let running = null;

/**
 * Sends everything of a survey; one sending at a time, also across tabs.
 * @param {{ survey: string, records: string, photos: string, handIn: string, disputed: string }} where
 * @param {() => void} progress called after each answer
 * @returns {Promise<Outcome>}
 */
export function send(where, progress) {
  running ??= alone(() => all(where, progress)).finally(() => {
    running = null;
  });
  return running;
}

/** @param {() => Promise<Outcome>} work @returns {Promise<Outcome>} */
async function alone(work) {
  return navigator.locks ? await navigator.locks.request("khao-sat-gui", work) : work();
}

/** @param {Parameters<typeof send>[0]} where @param {() => void} progress @returns {Promise<Outcome>} */
async function all(where, progress) {
  try {
    const device = await keep.device();
    for (let records = await keep.waiting(where.survey); records.length > 0; records = await keep.waiting(where.survey)) {
      const batch = records.slice(0, BATCH);
      await keep.trying(batch);
      const body = { device, records: batch.map(plain) };
      const first = batch[0].sequence;
      const said = await post(where.records, JSON.stringify(body), "application/json", `${device}-${first}-${batch[batch.length - 1].sequence}`);
      for (const record of batch) {
        const verdict = verdictOf(said, record.sequence, where.disputed);
        if (verdict) await keep.settled(record, verdict.problem);
      }
      progress();
      // A server that answers for none of them would be asked for ever.
      if (!batch.some((record) => verdictOf(said, record.sequence, ""))) return { state: "later", text: "", seconds: 60 };
    }
    for (const photo of await keep.photos(where.survey)) {
      if (photo.state !== "waiting") continue;
      try {
        const form = new FormData();
        // The file comes last: what it is about is read before a byte of it is taken in.
        for (const [name, value] of [["subject", photo.subject], ["device", device], ["sequence", String(photo.sequence)]]) form.set(name, value);
        form.set("file", photo.blob, photo.name.replace(/\.[^.]*$/, "") + ".jpg");
        await post(where.photos, form, "", `${device}-${photo.sequence}`);
        await keep.photoIs(photo, "sent", "");
      } catch (error) {
        if (!(error instanceof Refusal) || error.state !== "refused") throw error;
        await keep.photoIs(photo, "refused", error.message);
      }
      progress();
    }
    if (await keep.note(where.survey, "hand-in")) {
      try {
        await post(where.handIn, "{}", "application/json", `${device}-hand-in-${where.survey}`);
      } catch (error) {
        if (error instanceof Refusal && error.state === "refused") await keep.setNote(where.survey, "hand-in", undefined);
        throw error;
      }
      return { state: "handed-in", text: "", seconds: 0 };
    }
    return { state: "sent", text: "", seconds: 0 };
  } catch (error) {
    if (error instanceof Refusal) return { state: error.state, text: error.message, seconds: error.seconds };
    throw error;
  }
}

/** A record as the server reads it. @param {keep.Waiting} record */
function plain(record) {
  return { sequence: record.sequence, seen: record.seen, written_at: record.at, content: record.content };
}

/**
 * What the server said of one record.
 * @param {any} said @param {number} sequence @param {string} disputed the sentence for one that another contradicts
 * @returns {{ problem: string } | null}
 */
function verdictOf(said, sequence, disputed) {
  const one = Array.isArray(said.verdicts) ? said.verdicts.find((/** @type {any} */ verdict) => verdict.sequence === sequence) : null;
  if (!one) return null;
  return { problem: one.verdict === "conflict" ? disputed : one.verdict === "refused" ? String(one.message ?? "") : "" };
}
