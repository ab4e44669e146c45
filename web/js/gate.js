/**
 * A gate: scans, and says at once who may pass. With a network the server decides; cut off, the gate decides alone
 * about the passes its lane is home to, and sends later what it did.
 */

import { Gate } from "./pass.js";
import { camera } from "./gate/camera.js";
import * as keep from "./gate/keep.js";
import { base64, digits, parse, person, portrait } from "./gate/open.js";
import { decide, homeLane, opens } from "./gate/rule.js";
import { clockOf, screen } from "./gate/screen.js";
import { Offline, Refused, ask } from "./gate/server.js";
import { among, sheets } from "./gate/sheets.js";
import { listen } from "./gate/wedge.js";
import { makeKey, picture, sign } from "./gate/word.js";

/** @typedef {import("./gate/open.js").List} List */
/** @typedef {import("./gate/open.js").Card} Card */
/** @typedef {import("./gate/keep.js").Scan} Scan */
/** @typedef {import("./gate/screen.js").Asked} Asked */
/** @typedef {import("./gate/screen.js").Shown} Shown */

/** How often the server hears of this gate, in milliseconds. */
const BEAT = 2000;
/** How long a scan waits for the server before it is told that it waits. */
const PATIENCE = 1500;
/** How often the list is asked for what changed. */
const LIST_EVERY = 30_000;
/** Scans that can be taken back. */
const PAST = 30;
/** The number of a look: no scan ever has it. */
const LOOK = Number.MAX_SAFE_INTEGER;
/** Scans in one request. */
const BATCH = 5000;

const root = document.getElementById("gate");
if (root instanceof HTMLElement) void start(root);

/** @param {HTMLElement} root */
async function start(root) {
  const slug = root.dataset.gate ?? "";
  const api = `/api/v1/gates/${slug}`;
  /** @template {HTMLElement} T @param {string} id @returns {T} */
  const at = (id) => /** @type {T} */ (document.getElementById(`gate-${id}`));
  const said = new Map([...at("words").children].map((item) => [item.getAttribute("data-key") ?? "", item.textContent ?? ""]));
  /** @param {string} name @param {Record<string, string | number>} [values] */
  const words = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, String(value)), said.get(name) ?? "");

  /** @type {string | undefined} */
  let token = await keep.note(`token:${slug}`);
  /** @type {List[]} the newest first */
  let lists = [];
  /** @type {Gate | null} */
  let reader = null;
  /** @type {Map<string, boolean>} */
  let inside = new Map();
  let offset = Number((await keep.note("offset")) ?? 0);
  /** When the server last answered: the moment its request was sent, on this device's clock. */
  let answered = Number((await keep.note("answered")) ?? 0);
  /** The same, counted by a clock that nobody sets. */
  let answeredTick = performance.now() - Math.max(0, Date.now() - answered);
  let failing = !navigator.onLine;
  let aloneAfter = 8000;
  let movesAfter = /** @type {string | null} */ (null);
  let session = /** @type {string | null} */ ((await keep.note("session")) ?? null);
  let listTick = -Infinity;
  let listBusy = false;
  let sending = false;
  /** The window of this device has not begun. */
  let early = false;
  let waiting = 0;
  let way = /** @type {"in" | "out"} */ ("in");
  /** @type {Asked | null} a scan that waits for the network or for the gate to be alone */
  let held = null;
  /** @type {import("./gate/sheets.js").Past[]} */
  const past = [];

  // -------------------------------------------------------------- where things stand

  /** @returns {"online" | "waiting" | "alone" | "out"} */
  function mode() {
    if (!token) return "out";
    if (!failing) return "online";
    return performance.now() - answeredTick >= aloneAfter ? "alone" : "waiting";
  }

  /** The instant on the server's clock. */
  const now = () => new Date(Date.now() + offset);
  /** The day of the congress. @param {Date} date */
  const dayOf = (date) => new Date(date.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
  const header = () => lists[0]?.header;
  const whole = () => lists.at(-1)?.header;
  const supervisor = () => header()?.supervisor ?? false;
  const stale = () => Date.now() - answered > (header()?.stale_after_ms ?? 0);

  function bar() {
    const net = at("net");
    const state = mode();
    net.dataset.net = state;
    const seconds = Math.max(0, Math.ceil((aloneAfter - (performance.now() - answeredTick)) / 1000));
    const lane = header()?.lane ?? "";
    const line = /** @type {HTMLElement} */ (net.querySelector("b"));
    if (state === "out") line.textContent = "";
    else if (early) line.textContent = words("bar-early");
    else if (state === "online") line.textContent = words("bar-online");
    else if (state === "waiting") line.textContent = words("bar-waiting", { seconds });
    else line.textContent = words("bar-alone", { time: clockOf(new Date((answered || Date.now()) + offset)), lane });
    const current = header()?.sessions.find((one) => one.slug === session) ?? header()?.sessions.at(0);
    const head = header();
    at("where").textContent = head ? [head.gate_name, words("bar-lane", { lane: head.lane }), current ? words("bar-session", { session: current.title }) : ""].filter(Boolean).join(" · ") : "";
    const minutes = Math.max(0, Math.round((Date.now() - answered) / 60_000));
    const list = at("list");
    list.textContent = !head ? words("bar-list-none") : words(stale() ? "bar-list-stale" : "bar-list", { minutes });
    list.classList.toggle("is-stale", !head || stale());
    at("queue").textContent = waiting > 0 ? words("bar-queue", { count: waiting }) : "";
    at("queue").hidden = waiting === 0;
    root.dataset.state = state;
  }

  function panels() {
    at("join").hidden = Boolean(token);
    at("stage").hidden = !token;
    at("tools").hidden = !token;
  }

  // -------------------------------------------------------------- joining

  /** @param {string} code @param {string} name */
  async function join(code, name) {
    const error = at("join-error");
    error.hidden = true;
    try {
      const { key, public_key } = await makeKey();
      const answer = await ask("/api/v1/gate-enrolments", { body: { code, name, public_key } });
      const told = await answer.json();
      if (told.gate.slug !== slug) {
        location.replace(`/cong/${told.gate.slug}/quet`);
      }
      await keep.forget();
      await keep.setNotes({ [`token:${told.gate.slug}`]: told.token, key, session: undefined });
      [token, lists, inside, movesAfter, listTick] = [told.token, [], new Map(), null, -Infinity];
      panels();
      await beat();
    } catch (why) {
      error.textContent = words(why instanceof Offline ? "join-offline" : "join-wrong");
      error.hidden = false;
      panels();
    }
    bar();
  }

  at("join-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void join(/** @type {HTMLInputElement} */ (at("code")).value, /** @type {HTMLInputElement} */ (at("device")).value);
  });

  /** The device was sent away, or its time is over: what it carries is wiped, and it says so. */
  async function out() {
    token = undefined;
    const left = await keep.wipe();
    [lists, inside, held, past.length] = [[], new Map(), null, 0];
    eye.stop();
    const error = at("join-error");
    error.textContent = words(left > 0 ? "bar-wiped-left" : "bar-wiped", { count: left });
    error.hidden = false;
    stage.clear();
    panels();
    bar();
  }

  // -------------------------------------------------------------- the server

  async function battery() {
    const known = /** @type {{ getBattery?: () => Promise<{ level: number }> }} */ (/** @type {unknown} */ (navigator));
    return known.getBattery ? Math.round((await known.getBattery()).level * 100) : undefined;
  }

  /**
   * Sends scans, or only that the gate is there, and takes what the server tells.
   * @param {Scan[]} scans @param {number} patience
   */
  async function tell(scans, patience) {
    const [sent, tick] = [Date.now(), performance.now()];
    const body = {
      sent: now().toISOString(),
      offset_ms: offset,
      waiting: Math.max(0, waiting - scans.length),
      battery: await battery().catch(() => undefined),
      revoked_after: reader?.sequence ?? 0,
      moves_after: movesAfter ?? undefined,
      scans,
    };
    let told;
    try {
      told = await (await ask(`${api}/scans`, { token, body, patience })).json();
    } catch (why) {
      if (why instanceof Refused && why.slug === "gate-window") early = true;
      else if (why instanceof Refused && (why.status === 401 || why.status === 403)) await out();
      else if (why instanceof Offline) failing = true;
      bar();
      throw why;
    }
    early = false;
    // Halfway between sending and answer; small differences are the network's and not the clock's.
    const fresh = Math.round(Date.parse(told.now) - (sent + Date.now()) / 2);
    if (Math.abs(fresh - offset) > 250) offset = fresh;
    [failing, answered, answeredTick, aloneAfter] = [false, sent, tick, told.alone_after_ms];
    const anew = told.session !== session;
    if (anew) inside = new Map();
    session = told.session;
    if (reader && told.revoked_to > reader.sequence && reader.revoke(base64(told.revocations)) === null) {
      await keep.setNotes({ revoked: reader.since(0) });
    }
    for (const [pass, is] of told.moves) inside.set(pass, is);
    await keep.keepMoves(told.moves, anew);
    await keep.setNotes({ offset, answered, session, lanes: told.lanes });
    // Another session: what was told belongs to the one before, so it is asked for whole.
    movesAfter = anew && movesAfter !== null ? null : told.moves_to;
    if (header()) header().lanes = told.lanes;
    return told;
  }

  async function beat() {
    if (!token || sending) return;
    sending = true;
    try {
      const queue = await keep.queue();
      waiting = queue.length;
      const batch = queue.slice(0, BATCH);
      await tell(batch, batch.length > 0 ? 30_000 : 3000);
      if (batch.length > 0) {
        await keep.settled(batch.map((scan) => scan.seq));
        waiting = (await keep.queue()).length;
      }
      if (waiting === 0) await giveWords();
      if (performance.now() - listTick > LIST_EVERY && !listBusy) void list();
      if (held) void retry();
    } catch (why) {
      if (!(why instanceof Offline || why instanceof Refused)) throw why;
    } finally {
      sending = false;
      bar();
    }
  }

  /** Sends the words that wait; each goes to the scan that the server knows by now. */
  async function giveWords() {
    for (const { seq, ...word } of await keep.words()) {
      try {
        await ask(`${api}/words`, { token, body: word, patience: 15_000 });
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        // Refused for good, for nothing waits before it: the scan itself stands, with its reason.
      }
      await keep.wordGiven(seq);
    }
  }

  /** Signs what a supervisor decided; it goes to the server when it can. @param {Asked} asked @param {number} seq */
  async function vouch(asked, seq) {
    const key = await keep.note("key");
    const device = header()?.device;
    if (!key || !device) return;
    await keep.keepWord(await sign(key, { device, seq, at: now().toISOString(), reason: asked.reason }, asked.shot ?? null));
    if (mode() === "online") await beat();
  }

  /** The list, whole or what changed; then the portraits that are new. */
  async function list() {
    listBusy = true;
    try {
      const newest = header();
      // A whole one now and then: what was withdrawn leaves the device.
      const since = newest && lists.length < 20 ? `?since=${newest.made_at}` : "";
      const bytes = await (await ask(`${api}/snapshot${since}`, { token, patience: 30_000 })).arrayBuffer();
      listTick = performance.now();
      const fresh = parse(bytes);
      if (!fresh.header.whole && fresh.records.size === 0 && lists.length > 0) {
        Object.assign(header(), { ...fresh.header, salt: header().salt, photos: header().photos, whole: header().whole, people: header().people });
      } else {
        await keep.keepList(fresh.header.made_at, fresh.header.whole, bytes);
        lists = fresh.header.whole ? [fresh] : [fresh, ...lists];
      }
      await know(fresh);
      bar();
      const have = new Set(await keep.photoNames());
      for (const file of fresh.header.photos) {
        if (have.has(file) || failing) continue;
        const sealed = await ask(`${api}/photos/${file}`, { token, patience: 10_000 }).then((answer) => answer.arrayBuffer(), () => null);
        if (sealed) await keep.keepPhoto(file, sealed);
      }
    } catch (why) {
      if (!(why instanceof Offline || why instanceof Refused)) throw why;
    } finally {
      listBusy = false;
    }
  }

  /** Gives the reader the keys and the revoked of a list. @param {List} list */
  async function know(list) {
    reader ??= await Gate.load(root.dataset.pass ?? "");
    const [root_, keys] = [base64(list.header.root), base64(list.header.keys)];
    if (root_.length === 32) reader.keys(root_, keys);
    reader.revoke(base64(list.header.revocations));
    await keep.setNotes({ revoked: reader.since(0) });
    const both = list.header.direction === "hai_chieu";
    /** @type {HTMLElement} */ (root.querySelector(".gate-way")).hidden = !both;
    if (!both) turnTo(list.header.direction === "ra" ? "out" : "in");
  }

  /** @param {"in" | "out"} to */
  function turnTo(to) {
    way = to;
    for (const button of root.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-way") === to));
  }

  // -------------------------------------------------------------- deciding

  /** @param {string} text @param {Asked["method"]} method @param {Partial<Asked>} [more] */
  function present(text, method, more = {}) {
    if (!token) return;
    void handle({ method, text, kind: way, reason: "", overridden: false, ...more });
  }

  /** @param {Asked} asked */
  async function handle(asked) {
    held = null;
    switch (mode()) {
      case "online":
        return online(asked);
      case "waiting":
        return wait(asked);
      case "alone":
        return alone(asked);
      default:
    }
  }

  /** @param {Asked} asked @param {string} mode @param {number} seq @returns {Scan} */
  function scanOf(asked, mode, seq) {
    const field = asked.method === "qr" ? "pass" : asked.method === "cccd" ? "card" : "person";
    return { seq, at: now().toISOString(), kind: asked.kind, method: asked.method, [field]: asked.text, mode, overridden: asked.overridden, reason: asked.reason };
  }

  /** @param {Asked} asked */
  async function online(asked) {
    if (asksFirst(asked)) return preview(asked);
    asked.seq ??= await keep.next();
    try {
      const told = await tell([scanOf(asked, "truc_tuyen", asked.seq)], PATIENCE);
      const result = told.results[0];
      const verdict = result.verdict === "duplicate" ? result.was : result.verdict;
      show({ verdict, lane: result.lane, card: result.card, photoUrl: result.card?.photo, asked, seq: asked.seq });
    } catch (why) {
      if (why instanceof Offline) wait(asked);
      else if (why instanceof Refused) show({ verdict: "invalid", asked });
      else throw why;
    }
  }

  /** Whether the steward presses before anybody counts. @param {Asked} asked */
  function asksFirst(asked) {
    return Boolean(header()?.confirms) && !asked.confirmed && !asked.overridden && asked.kind !== "leave_granted";
  }

  /** What the server would say; the steward decides whether it is said. @param {Asked} asked */
  async function preview(asked) {
    try {
      const result = await (await ask(`${api}/looks`, { token, body: scanOf(asked, "truc_tuyen", LOOK), patience: PATIENCE })).json();
      const verdict = opens(result.verdict) ? `confirm_${asked.kind}` : result.verdict;
      show({ verdict, lane: result.lane, card: result.card, photoUrl: result.card?.photo, asked });
    } catch (why) {
      if (why instanceof Offline) {
        failing = true;
        wait(asked);
      } else if (why instanceof Refused) show({ verdict: "invalid", asked });
      else throw why;
    }
  }

  /** @param {Asked} asked */
  function wait(asked) {
    show({ verdict: "wait", asked });
    held = asked;
  }

  async function retry() {
    const asked = held;
    if (!asked || mode() === "waiting") return;
    held = null;
    await handle(asked);
  }

  /** What the gate says without a network. @param {Asked} asked */
  async function alone(asked) {
    if (asked.method === "cccd") return show({ verdict: "no-card", asked });
    const at = now();
    let pass = /** @type {string | null} */ (null);
    let known = /** @type {import("./gate/open.js").Person | null} */ (null);
    let said_ = /** @type {{ verdict: string, lane?: number }} */ ({ verdict: "unknown" });
    let category = "";
    if (asked.method === "qr") {
      const code = digits(asked.text);
      const read = code && reader ? reader.read(code, dayOf(at)) : null;
      if (!code || !read) return show({ verdict: "unknown", asked });
      known = await person(lists, code).catch(() => null);
      const revoked = !read.valid && read.why === "pass-revoked";
      const otherDay = !read.valid && (read.why === "pass-not-yet" || read.why === "pass-expired");
      if (!read.valid && !revoked && !otherDay) return show({ verdict: "unknown", asked });
      pass = read.valid ? read.id : null;
      const head = /** @type {NonNullable<ReturnType<typeof header>>} */ (header());
      const zones = read.valid ? read.zones : 0;
      const window_ = head.windows.find((one) => one.category === (read.valid ? read.category : known?.category));
      category = window_?.name ?? "";
      const held_ = window_ && (window_.from ?? -Infinity) <= at.getTime() && at.getTime() < (window_.to ?? Infinity);
      said_ = decide(
        asked.kind === "out" ? "out" : "in",
        {
          copy: revoked ? "revoked" : otherDay ? "other_day" : "good",
          on_roll: known ? known.on_roll : true,
          summoned: known ? known.summoned : true,
          zone: !window_ || ((zones >> head.zone) & 1) === 0 ? "never" : held_ ? "open" : "not_now",
          inside: pass !== null && inside.get(pass) === true,
        },
        { mode: "isolated", lane: head.lane, home: (pass && homeLane(pass, head.lanes)) || head.lane, stale: stale(), known: known !== null },
        asked.overridden,
      );
    } else if (asked.kind === "leave_granted") {
      said_ = { verdict: "leave_granted" };
    } else {
      // By name, without the badge: only a supervisor, and with a reason.
      said_ = { verdict: asked.overridden && asked.reason !== "" ? (asked.kind === "out" ? "leave" : "admit") : "supervisor" };
    }
    /** @type {number | undefined} */
    let seq;
    if (opens(said_.verdict) && asksFirst(asked)) {
      said_ = { verdict: `confirm_${asked.kind}` };
    } else if (opens(said_.verdict) || said_.verdict === "leave_granted") {
      seq = await keep.next();
      const goesIn = said_.verdict === "admit";
      await keep.enqueue({ ...scanOf(asked, "co_lap", seq), at: at.toISOString(), opened: true }, pass, goesIn);
      if (pass) inside.set(pass, goesIn);
      waiting += 1;
      bar();
    }
    const card = asked.card ?? (known ? { name: known.name, code: known.code, group: known.group || null, category, position: "", photo: null, inside: false, since: null, seat: known.seat, door: known.door } : null);
    let photo = null;
    const code = digits(asked.text);
    if (known?.photo && code) {
      const sealed = await keep.photo(known.photo);
      const head = whole();
      if (sealed && head) photo = await portrait(code, head.pepper, known.photo, new Uint8Array(sealed));
    }
    show({ ...said_, card, photo, asked, seq, pass });
  }

  // -------------------------------------------------------------- showing

  const stage = screen(at, words, {
    supervisor,
    token: () => token,
    confirm: (asked) => void handle(asked),
    takeBack: (seq, reason) => {
      const one = past.find((known) => known.seq === seq);
      if (one) void takeBack(one, reason);
    },
  });

  /** Shows a verdict; what went through can be taken back. @param {Shown} what */
  function show(what) {
    stage.show(what);
    if (what.seq === undefined || !(opens(what.verdict) || what.verdict === "leave_granted")) return;
    past.unshift({ seq: what.seq, name: what.card?.name ?? "", verdict: what.verdict, at: now(), pass: what.pass });
    if (what.asked.overridden && what.asked.reason !== "") void vouch(what.asked, what.seq);
    past.length = Math.min(past.length, PAST);
  }

  at("override").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (at("why"));
    const reason = field.value.trim();
    if (!stage.now || reason === "") return field.focus();
    field.value = "";
    const { asked } = stage.now;
    // Another decision is another scan; the picture is of the moment in which it was made.
    void picture(/** @type {HTMLVideoElement} */ (at("video"))).then((shot) => handle({ ...asked, seq: undefined, overridden: true, reason, shot }));
  });

  // -------------------------------------------------------------- search, recent scans, tools

  /** @param {string} q @returns {Promise<Card[] | null>} null when nothing can be looked up */
  async function find(q) {
    if (mode() === "online") {
      try {
        return await (await ask(`${api}/people?q=${encodeURIComponent(q)}`, { token })).json();
      } catch (why) {
        if (!(why instanceof Offline || why instanceof Refused)) throw why;
      }
    }
    const people = whole()?.people;
    return people ? among(people, q) : null;
  }

  /** Does what was chosen for somebody who was found; false when it lacks its reason. @param {Card} card @param {Asked["kind"]} kind @param {string} reason */
  function by(card, kind, reason) {
    const cut = mode() !== "online";
    if (reason === "" && (kind === "leave_granted" || (cut && kind === "in"))) return false;
    present(card.code, "manual", { kind, reason, overridden: cut && kind !== "leave_granted", card });
    return true;
  }

  /** Locks a badge from a credential officer's device; only the server can. @param {Card} card @param {string} reason */
  async function lock(card, reason) {
    try {
      await ask(`${api}/people/${encodeURIComponent(card.code)}/lock`, { token, body: { reason } });
      return true;
    } catch (why) {
      if (why instanceof Offline || why instanceof Refused) return false;
      throw why;
    }
  }

  /** @param {import("./gate/sheets.js").Past} one @param {string} reason */
  async function takeBack(one, reason) {
    const seq = await keep.next();
    /** @type {Scan} */
    const scan = { seq, at: now().toISOString(), kind: "void", method: "manual", mode: "co_lap", voids: one.seq, reason };
    // Through the queue in any case: it waits for nothing, and the answer is the same.
    await keep.enqueue(scan, one.pass ?? null, one.verdict === "leave");
    if (one.pass) inside.set(one.pass, one.verdict === "leave");
    waiting += 1;
    past.splice(past.indexOf(one), 1);
    show({ verdict: "voided", card: { name: one.name, code: "", group: null, category: "", since: null }, asked: { method: "manual", text: "", kind: way, reason, overridden: false } });
    await beat();
  }

  const sheet = sheets({ at, words, search: find, past: () => past, officer: () => header()?.role === "can_bo_the", act: by, lock, takeBack });
  for (const button of root.querySelectorAll("[data-way]")) {
    button.addEventListener("click", () => turnTo(button.getAttribute("data-way") === "out" ? "out" : "in"));
  }

  const eye = camera(/** @type {HTMLVideoElement} */ (at("video")), root.dataset.zxing ?? "", scanned);
  at("camera").addEventListener("click", () => void look(!eye.on));

  /** @param {boolean} on */
  async function look(on) {
    const hint = at("hint");
    try {
      if (on) await eye.start();
      else eye.stop();
      await keep.setNotes({ camera: on });
    } catch {
      eye.stop();
      hint.textContent = words("camera-off");
    }
    at("camera").setAttribute("aria-pressed", String(eye.on));
    root.classList.toggle("has-camera", eye.on);
  }

  /** @param {string} text */
  function scanned(text) {
    sheet.close();
    present(text, /^\s*\d{12}\|/.test(text) ? "cccd" : "qr");
  }
  listen(scanned);

  // -------------------------------------------------------------- the beginning

  navigator.serviceWorker?.register("/cong/sw.js", { scope: "/cong" }).catch(() => {
    // Without it the gate works as long as the page stays open.
  });
  void navigator.storage?.persist?.();
  waiting = (await keep.queue()).length;
  inside = await keep.inside();
  lists = (await keep.lists()).map(parse).reverse();
  if (header()) header().lanes = (await keep.note("lanes")) ?? header().lanes;
  panels();
  bar();
  if (lists.length > 0) {
    try {
      await know(lists[lists.length - 1]);
      await know(lists[0]);
      const revoked = await keep.note("revoked");
      if (revoked) /** @type {Gate} */ (/** @type {unknown} */ (reader)).revoke(revoked);
    } catch {
      // The reader is not here yet: the first answer of the server brings it.
    }
  }
  const code = decodeURIComponent(location.hash.slice(1));
  if (code !== "") {
    // Read once and taken out of the address: it works only once anyway.
    history.replaceState(null, "", location.pathname + location.search);
    await join(code, "");
  } else {
    await beat();
  }
  window.addEventListener("online", () => void beat());
  window.addEventListener("offline", () => {
    failing = true;
    bar();
  });
  setInterval(() => {
    // A device works no longer than its window, with a network or without.
    const until = header()?.until;
    if (token && until && now().getTime() >= until) void out();
    bar();
    if (held && mode() !== "waiting") void retry();
  }, 500);
  setInterval(() => void beat(), BEAT);
  if (await keep.note("camera")) void look(true);
}
