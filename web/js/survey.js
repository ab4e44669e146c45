/**
 * The survey form on a phone: one step at a time under the thumb, saved as it is typed, sent when there is a
 * network. Without this module the same page is a list of small forms that are posted one by one.
 */

import { ask } from "./app.js";
import { clock, note as say } from "./dom.js";
import * as keep from "./survey/keep.js";
import { shrink } from "./survey/photo.js";
import { send } from "./survey/send.js";

const root = document.querySelector("[data-survey]");
if (root instanceof HTMLElement) start(root);

/** @param {HTMLElement} root */
function start(root) {
  const survey = root.dataset.survey ?? "";
  const where = { survey, records: root.dataset.records ?? "", photos: root.dataset.photos ?? "", handIn: root.dataset.handIn ?? "", disputed: root.dataset.wordsDisputed ?? "" };
  const steps = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-step]")]);
  const bar = /** @type {HTMLElement} */ (root.querySelector("[data-bar]"));
  /** @type {Date | null} */
  let offlineSince = navigator.onLine ? null : new Date();
  /** @type {Map<string, number>} */
  const timers = new Map();
  /** A page that the phone had kept, not one that the server has just written. */
  const stale = root.dataset.fresh !== "yes";
  let retry = 0;
  let wait = 5;

  /** Words of the page. @param {string} name @param {Record<string, string | number>} [values] */
  const words = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, String(value)), root.dataset[name] ?? "");

  /** @param {HTMLElement} step @returns {HTMLFormElement} */
  const formOf = (step) => /** @type {HTMLFormElement} */ (step.querySelector("form"));

  // -------------------------------------------------------------- what is typed

  /** The fields of a step as a record holds them. @param {HTMLElement} step @returns {Record<string, string[]>} */
  function read(step) {
    /** @type {Record<string, string[]>} */
    const fields = {};
    for (const [name, value] of new FormData(formOf(step))) {
      if (typeof value === "string") (fields[name] ??= []).push(value.trim());
    }
    return fields;
  }

  /** @param {HTMLElement} step @param {Record<string, string[]>} fields */
  function write(step, fields) {
    const form = formOf(step);
    const rows = step.querySelector("[data-rows]");
    const repeated = rows ? [...rows.querySelectorAll("[name]")].map((field) => field.getAttribute("name") ?? "") : [];
    const count = Math.max(0, ...repeated.map((name) => fields[name]?.length ?? 0));
    while (rows && rows.children.length < count) addRow(step);
    for (const name of new Set([...form.elements].map((field) => field.getAttribute("name") ?? ""))) {
      const group = [...form.elements].filter((field) => field.getAttribute("name") === name);
      group.forEach((field, at) => {
        if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) field.checked = (fields[name] ?? []).includes(field.value);
        else if (field instanceof HTMLInputElement && field.type === "file") return;
        else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = fields[name]?.[at] ?? "";
      });
    }
    for (const mark of step.querySelectorAll("[name=exit_removed]")) {
      if (mark instanceof HTMLInputElement) mark.closest("[data-rows] > *")?.toggleAttribute("data-removed", mark.value === "1");
    }
  }

  /** Whether a step says what it must. @param {HTMLElement} step */
  function isDone(step) {
    const { needs } = step.dataset;
    const rows = step.querySelector("[data-rows]");
    if (rows) return [...rows.querySelectorAll("[data-rows] > :not([data-removed]) [name=exit_width]")].some((field) => Boolean(length(/** @type {HTMLInputElement} */ (field).value.trim())));
    return !needs || (read(step)[needs] ?? []).some((value) => value !== "");
  }

  /** A length typed in metres, "1,80", as millimetres; `null` for nothing, `NaN` for what is no length. @param {string} text */
  function length(text) {
    if (text === "") return null;
    const metres = Number(text.replace(",", "."));
    return metres > 0 && metres < 100 ? Math.round(metres * 1000) : NaN;
  }

  /** What a step says, part by part, as the server reads it. @param {HTMLElement} step */
  function parts(step) {
    const code = step.dataset.step ?? "";
    const fields = read(step);
    const one = (/** @type {string} */ name) => fields[name]?.[0] ?? "";
    switch (step.dataset.kind) {
      case "score":
        return one("value") === "" ? [] : [{ subject: `rating/${code}`, content: { kind: "rating", code, value: Number(one("value")), note: one("note") } }];
      case "gate":
        return one("value") === "" ? [] : [{ subject: `gate/${code}`, content: { kind: "gate", code, result: one("value"), condition: one("condition"), note: one("note") } }];
      case "note":
        return [{ subject: "note", content: { kind: "note", text: one("note") } }];
      default: {
        const rows = [...step.querySelectorAll("[data-rows] > *")].map((row) => {
          const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (row.querySelector(`[name=${name}]`));
          const [width, height] = [length(field("exit_width").value.trim()), length(field("exit_height").value.trim())];
          field("exit_width").setAttribute("aria-invalid", String(Number.isNaN(width)));
          field("exit_height").setAttribute("aria-invalid", String(Number.isNaN(height)));
          return { id: field("exit_id").value, width, height, name: field("exit_name").value.trim(), leads: field("exit_leads").value.trim(), removed: row.hasAttribute("data-removed") };
        });
        return rows
          .filter((row) => row.id && row.width !== null && !Number.isNaN(row.width) && !Number.isNaN(row.height))
          .map((row) => ({
            subject: `exit/${row.id}`,
            content: { kind: "exit", id: row.id, space: step.dataset.space || null, exit: { name: row.name || words("wordsExit"), clear_width_mm: row.width, clear_height_mm: row.height, leads_to: row.leads }, removed: row.removed },
          }));
      }
    }
  }

  /** @param {HTMLElement} step */
  async function save(step) {
    window.clearTimeout(timers.get(step.id));
    timers.delete(step.id);
    try {
      await keep.save(survey, step.dataset.step ?? "", read(step), parts(step));
    } catch (error) {
      say(words(error instanceof DOMException && error.name === "QuotaExceededError" ? "wordsFull" : "wordsNotKept"), { error: true });
      return;
    }
    await draw();
    soon();
  }

  root.addEventListener("input", (event) => {
    const step = event.target instanceof Element ? event.target.closest("[data-step]") : null;
    if (!(step instanceof HTMLElement) || (event.target instanceof HTMLInputElement && event.target.type === "file")) return;
    window.clearTimeout(timers.get(step.id));
    timers.set(step.id, window.setTimeout(() => void save(step), event.target instanceof HTMLInputElement && event.target.type === "radio" ? 0 : 300));
    marks();
  });
  // The phone may put the page away at any moment; what is typed goes down first.
  const flush = () => {
    for (const step of steps) if (timers.has(step.id)) void save(step);
  };
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
    else soon();
  });
  root.addEventListener("submit", async (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    const step = event.target.closest("[data-step]");
    event.preventDefault();
    if (step instanceof HTMLElement) {
      await save(step);
      if (step.dataset.kind !== "exits") go(1);
    } else if (event.target.matches("[data-hand-in-form]")) await handIn(event.target);
  });

  // -------------------------------------------------------------- exits that are measured

  /** @param {HTMLElement} step */
  function addRow(step) {
    const rows = step.querySelector("[data-rows]");
    const model = step.querySelector("template");
    if (!rows || !model) return;
    rows.append(model.content.cloneNode(true));
    const id = rows.lastElementChild?.querySelector("[name=exit_id]");
    if (id instanceof HTMLInputElement) id.value = `${device.slice(0, 8)}-${Date.now().toString(36)}`;
  }
  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const step = target?.closest("[data-step]");
    if (!(step instanceof HTMLElement)) return;
    if (target?.closest("[data-add-row]")) {
      addRow(step);
      const fields = step.querySelectorAll("[data-rows] > :last-child input");
      if (fields[0] instanceof HTMLInputElement) fields[0].focus();
    }
    const drop = target?.closest("[data-drop-row]");
    if (drop) {
      // What the server may know of must be struck out there too, so the row stays, out of sight.
      const row = drop.closest("[data-rows] > *");
      row?.setAttribute("data-removed", "");
      const mark = row?.querySelector("[name=exit_removed]");
      if (mark instanceof HTMLInputElement) mark.value = "1";
      void save(step);
    }
  });

  // -------------------------------------------------------------- photographs

  root.addEventListener("change", async (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const step = input.closest("[data-step]");
    if (!(step instanceof HTMLElement)) return;
    const files = [...(input.files ?? [])];
    input.value = "";
    const busy = step.querySelector("[data-photo-busy]");
    for (const file of files) {
      if (busy instanceof HTMLElement) busy.hidden = false;
      try {
        const blob = await shrink(file);
        const subject = step.dataset.kind === "score" ? `rating/${step.dataset.step}` : step.dataset.kind === "gate" ? `gate/${step.dataset.step}` : "";
        await keep.savePhoto({ survey, step: step.dataset.step ?? "", subject, blob, name: file.name });
      } catch (error) {
        say(words(error instanceof DOMException && error.name === "QuotaExceededError" ? "wordsFull" : "wordsNoPicture", { name: file.name }), { error: true });
      }
      if (busy instanceof HTMLElement) busy.hidden = true;
    }
    await draw();
    soon();
  });

  /** Photographs that were sent before this page was written: it shows them itself. @type {Set<number>} */
  const before = new Set();
  /** Addresses of pictures that are shown. @type {Map<number, string>} */
  const shown = new Map();

  /** @param {keep.Photo[]} photos */
  function pictures(photos) {
    for (const step of steps) {
      const list = step.querySelector("[data-photos-here]");
      if (!list) continue;
      const mine = photos.filter((photo) => photo.step === step.dataset.step && !before.has(photo.sequence));
      const wanted = new Set(mine.map((photo) => `p${photo.sequence}-${photo.state}`));
      // Those the server wrote have no id and stay.
      for (const item of [...list.children]) if (item.id && !wanted.has(item.id)) item.remove();
      for (const photo of mine) {
        const id = `p${photo.sequence}-${photo.state}`;
        if (document.getElementById(id)) continue;
        if (!shown.has(photo.sequence)) shown.set(photo.sequence, URL.createObjectURL(photo.blob));
        const item = document.createElement("li");
        item.id = id;
        const picture = document.createElement("img");
        picture.src = shown.get(photo.sequence) ?? "";
        picture.alt = words("wordsPhoto", { time: clock(new Date(photo.at)) });
        const line = document.createElement("p");
        line.textContent = photo.state === "refused" ? photo.problem : words(photo.state === "sent" ? "wordsPhotoSent" : "wordsPhotoWaits");
        line.className = photo.state === "refused" ? "field-error" : "quiet";
        item.append(picture, line);
        if (photo.state !== "sent") {
          const drop = document.createElement("button");
          drop.type = "button";
          drop.className = "btn btn-outline-secondary btn-sm";
          drop.textContent = words("wordsPhotoDrop");
          drop.addEventListener("click", async () => {
            await keep.dropPhoto(photo.sequence);
            await draw();
          });
          item.append(drop);
        }
        list.append(item);
      }
    }
  }

  let device = "";

  // -------------------------------------------------------------- where one is

  function current() {
    const id = decodeURIComponent(location.hash.slice(1));
    return steps.findIndex((step) => step.id === id);
  }

  function show() {
    const at = current();
    root.classList.toggle("is-overview", at < 0);
    steps.forEach((step, i) => {
      step.hidden = i !== at;
    });
    const [before, after] = [root.querySelector("[data-before]"), root.querySelector("[data-after]")];
    if (before instanceof HTMLAnchorElement) {
      before.hidden = at < 0;
      before.hash = at > 0 ? steps[at - 1].id : "tong-quan";
    }
    if (after instanceof HTMLAnchorElement) {
      after.hash = at + 1 < steps.length ? steps[at + 1].id : "tong-quan";
      const line = after.querySelector("span");
      if (line) line.textContent = words(at < 0 ? "wordsStart" : at + 1 < steps.length ? "wordsNext" : "wordsEnd");
      // From the overview one goes on where something is missing.
      const missing = steps.find((step) => !isDone(step));
      if (at < 0 && missing) after.hash = missing.id;
      after.hidden = at < 0 && !missing;
    }
    scrollTo(0, 0);
    if (at >= 0) steps[at].querySelector("h2")?.focus({ preventScroll: true });
  }

  /** @param {number} by */
  function go(by) {
    const at = current() + by;
    location.hash = at >= 0 && at < steps.length ? steps[at].id : "tong-quan";
  }
  addEventListener("hashchange", show);

  function marks() {
    let done = 0;
    let needed = 0;
    for (const step of steps) {
      const ready = isDone(step);
      if (step.dataset.counted !== undefined) {
        needed += 1;
        if (ready) done += 1;
      }
      const line = root.querySelector(`[data-mark="${CSS.escape(step.id)}"]`);
      line?.classList.toggle("is-done", ready && step.dataset.kind !== "note");
      const state = line?.querySelector("[data-mark-words]");
      if (state) state.textContent = summary(step, ready);
    }
    for (const place of root.querySelectorAll("[data-done]")) place.textContent = `${done}/${needed}`;
    for (const place of root.querySelectorAll("progress[data-done-bar]")) {
      if (place instanceof HTMLProgressElement) {
        place.max = needed;
        place.value = done;
      }
    }
    const button = root.querySelector("[data-hand-in-form] button");
    if (button instanceof HTMLButtonElement) button.disabled = done < needed;
    const left = root.querySelector("[data-hand-in-left]");
    if (left instanceof HTMLElement) {
      left.hidden = done >= needed;
      left.textContent = words("wordsLeft", { n: needed - done });
    }
  }

  /** What a step says in a word: the score, the answer, how many exits. @param {HTMLElement} step @param {boolean} ready */
  function summary(step, ready) {
    if (!ready) return words("wordsMissing");
    const chosen = step.querySelector("input[type=radio]:checked");
    if (chosen instanceof HTMLInputElement) return chosen.dataset.short ?? chosen.value;
    const rows = [...step.querySelectorAll("[data-rows] > :not([data-removed])")].filter((row) => [...row.querySelectorAll("input")].some((field) => field.value.trim() !== ""));
    return step.querySelector("[data-rows]") ? words("wordsRows", { n: rows.length }) : "";
  }

  // -------------------------------------------------------------- what waits, and sending it

  /** @param {string} icon @param {string} tone @param {string} text @param {string} [href] @param {string} [label] */
  function tell(icon, tone, text, href, label) {
    bar.className = `survey-bar tone-${tone}`;
    const use = bar.querySelector("use");
    use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*$/, `#${icon}`));
    const line = bar.querySelector("span");
    if (line && line.textContent !== text) line.textContent = text;
    const way = bar.querySelector("a");
    if (way instanceof HTMLAnchorElement) {
      way.hidden = !href;
      if (href) way.href = href;
      way.textContent = label ?? "";
    }
  }

  /** @type {import("./survey/send.js").Outcome | null} */
  let last = null;

  async function draw() {
    const [records, photos, answers] = [await keep.waiting(survey), await keep.photos(survey), await keep.answers(survey)];
    const n = new Set(records.map((one) => one.step)).size;
    const p = photos.filter((one) => one.state === "waiting").length;
    const what = n && p ? words("wordsBoth", { n, p }) : n ? words("wordsAnswers", { n }) : words("wordsPhotos", { p });
    for (const step of steps) {
      const line = step.querySelector("[data-problem]");
      const problem = answers.find((one) => one.step === step.dataset.step)?.problem ?? "";
      if (line instanceof HTMLElement) {
        line.hidden = !problem;
        const text = line.querySelector("p");
        if (text) text.textContent = problem;
      }
    }
    const handing = await keep.note(survey, "hand-in");
    if (offlineSince) {
      const text = words(n + p > 0 ? "wordsOffline" : "wordsOfflineNone", { time: clock(offlineSince), what });
      tell("wifi-off", "amber", handing ? `${text} ${words("wordsHandInWaits")}` : text);
    } else if (last?.state === "signed-out") {
      tell("lock", "red", words("wordsSignedOut", { what }), `/vao?ve=${encodeURIComponent(location.pathname)}`, words("wordsSignIn"));
    } else if (last?.state === "refused") {
      tell("alert-triangle", "red", last.text);
    } else if (last?.state === "later" && n + p > 0) {
      tell("hourglass", "amber", words("wordsLater", { what }));
    } else if (n + p > 0) {
      tell("upload", "blue", words("wordsSending", { what }));
    } else {
      const sent = await keep.note(survey, "sent");
      tell("circle-check", "green", sent instanceof Date ? words("wordsSent", { time: clock(sent) }) : words("wordsAllSent"));
    }
    pictures(photos);
    marks();
  }

  function soon() {
    window.clearTimeout(retry);
    retry = window.setTimeout(() => void deliver(), 600);
  }

  async function deliver() {
    window.clearTimeout(retry);
    const had = (await keep.waiting(survey)).length + (await keep.photos(survey)).filter((one) => one.state === "waiting").length;
    const handing = await keep.note(survey, "hand-in");
    if (!had && !handing) return;
    // What was never tried may still change; without a network nothing is.
    if (!navigator.onLine) return;
    last = await send(where, () => void draw());
    if (last.state === "offline") offlineSince ??= new Date();
    else offlineSince = null;
    if (last.state === "sent") await keep.setNote(survey, "sent", new Date());
    if (last.state === "handed-in") {
      await forget();
      location.assign(root.dataset.home ?? "/dia-diem/khao-sat");
      return;
    }
    await draw();
    if (last.state === "offline" || last.state === "later") {
      wait = Math.min(60, last.state === "later" ? Math.max(wait, last.seconds) : wait * 2);
      retry = window.setTimeout(() => void deliver(), wait * 1000);
    } else wait = 5;
  }

  /** @param {HTMLFormElement} form */
  async function handIn(form) {
    flush();
    if (!(await ask(form.dataset.question ?? "", form.dataset.yes))) return;
    await keep.setNote(survey, "hand-in", true);
    await deliver();
    await draw();
  }

  /** Where the worker keeps pages; a phone on a network without a certificate has no such place. @returns {Promise<Cache | null>} */
  async function kept() {
    return "caches" in window ? caches.open(`khao-sat-${root.dataset.version}`) : null;
  }

  /** This page and all it is made of go onto the phone, so that it opens again without a network. */
  async function install() {
    if (!("serviceWorker" in navigator)) return false;
    await navigator.serviceWorker.register(root.dataset.worker ?? "", { scope: root.dataset.scope });
    await navigator.serviceWorker.ready;
    const cache = await kept();
    if (cache && !stale && !(await cache.match(location.pathname))) await cache.add(location.pathname);
    return Boolean(await cache?.match(location.pathname));
  }

  /** The server has everything: the phone keeps nothing of it. */
  async function forget() {
    await keep.wipe(survey);
    for (const address of shown.values()) URL.revokeObjectURL(address);
    await (await kept())?.delete(location.pathname);
  }

  addEventListener("online", () => {
    offlineSince = null;
    wait = 5;
    void draw();
    soon();
  });
  addEventListener("offline", () => {
    offlineSince ??= new Date();
    void draw();
  });

  // -------------------------------------------------------------- begin

  (async () => {
    root.classList.add("is-live");
    device = await keep.device();
    if (stale) {
      // Without a network the server's own pictures do not load; the phone still has them.
      for (const item of root.querySelectorAll("[data-photos-here] > *")) item.remove();
    } else {
      await keep.setNote(survey, "seen", Number(root.dataset.seen ?? 0));
      for (const photo of await keep.photos(survey)) if (photo.state === "sent") before.add(photo.sequence);
    }
    for (const answer of await keep.answers(survey)) {
      const step = steps.find((one) => one.dataset.step === answer.step);
      // What the server shows is right unless this phone has something it has not sent, or shows a kept page.
      if (step && (answer.waiting || stale)) write(step, answer.fields);
    }
    show();
    await draw();
    await deliver();
    navigator.storage?.persist?.().catch(() => {});
    root.setAttribute("data-ready", "");
    const whole = await install().catch(() => false);
    const line = root.querySelector(whole ? "[data-kept]" : "[data-not-kept]");
    if (line instanceof HTMLElement) line.hidden = false;
  })().catch(() => say(words("wordsNotKept"), { error: true }));
}
