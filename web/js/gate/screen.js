/** What the gate shows: the verdict over the whole screen, in colour, with icon, word, face and sound. */

import { ask } from "./server.js";
import { mayOverride, opens } from "./rule.js";
import { sound } from "./sound.js";

/** What somebody presented. @typedef {{ method: "qr" | "cccd" | "manual", text: string, kind: "in" | "out" | "leave_granted", reason: string, overridden: boolean, confirmed?: boolean, shot?: Blob | null, seq?: number, card?: import("./open.js").Card }} Asked */
/** What is shown. @typedef {{ verdict: string, lane?: number, card?: { name: string, code: string, group: number | null, category: string, since: string | null, seat?: string | null, door?: number | null } | null, photo?: Blob | null, photoUrl?: string | null, asked: Asked, seq?: number, pass?: string | null }} Shown */

/** How long a verdict stays, in milliseconds, when nobody follows. */
const STAYS = 6000;
/** How long what went through can be taken back from the screen itself. */
const UNDO = 10_000;

/** The time of day. @param {Date} date */
export function clockOf(date) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** @param {string} verdict @returns {"good" | "bad" | "ask"} */
function toneOf(verdict) {
  if (opens(verdict) || verdict === "leave_granted" || verdict === "voided") return "good";
  return ["confirm_in", "confirm_out", "home_lane", "supervisor", "wait", "no-card", "already_inside", "not_summoned"].includes(verdict) ? "ask" : "bad";
}

/**
 * @param {(id: string) => HTMLElement} at
 * @param {(name: string, values?: Record<string, string | number>) => string} words
 * @param {{ supervisor: () => boolean, token: () => string | undefined, takeBack: (seq: number, reason: string) => void, confirm: (asked: Asked) => void }} device
 */
export function screen(at, words, device) {
  let hide = 0;
  let counting = 0;
  let url = "";
  /** @type {Shown | null} */
  let shown = null;

  function clear() {
    clearInterval(counting);
    at("result").hidden = true;
    at("ready").hidden = false;
    shown = null;
  }

  /** @param {Shown} what */
  function show(what) {
    const before = shown;
    shown = what;
    const tone = toneOf(what.verdict);
    const box = at("result");
    box.dataset.tone = tone;
    box.dataset.verdict = what.verdict;
    const lane = what.lane ?? "";
    /** @type {HTMLElement} */ (at("verdict").querySelector("b")).textContent = words(`say-${what.verdict}`, { lane }) || words("say-unknown");
    const card = what.card;
    at("name").textContent = card?.name ?? "";
    const lines = [card?.group ? words("group", { no: card.group }) : "", card ? words(`category-${card.category}`) : "", card?.code ?? ""];
    if (what.verdict === "already_inside" && card?.since) lines.push(words("since", { time: clockOf(new Date(card.since)) }));
    at("group").textContent = lines.filter(Boolean).join(" · ");
    at("seat").textContent = card?.seat ? words(card.door ? "seat-door" : "seat", { seat: card.seat, door: card.door ?? "" }) : "";
    at("todo").textContent = words(`do-${what.verdict}`, { lane });
    face(what);
    at("override").hidden = !(device.supervisor() && mayOverride(what.verdict));
    const asks = what.verdict.startsWith("confirm_");
    at("confirm").hidden = !asks;
    if (asks) at("confirm-do").textContent = words(what.verdict === "confirm_out" ? "act-exit" : "act-enter");
    undo(what);
    box.hidden = false;
    at("ready").hidden = true;
    // Waiting is drawn again each moment; it is heard once.
    if (!(before?.verdict === "wait" && what.verdict === "wait")) sound(tone);
    clearTimeout(hide);
    if (what.verdict !== "wait" && !asks && at("override").hidden) hide = window.setTimeout(clear, at("undo").hidden ? STAYS : UNDO);
  }

  /** Ten seconds in which one tap takes back what went through. @param {Shown} what */
  function undo(what) {
    clearInterval(counting);
    const until = performance.now() + UNDO;
    const can = what.seq !== undefined && opens(what.verdict);
    at("undo").hidden = !can;
    if (!can) return;
    const left = at("undo-left");
    const draw = () => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      left.textContent = words("undo-left", { seconds: Math.max(0, seconds) });
      if (seconds > 0) return;
      clearInterval(counting);
      at("undo").hidden = true;
    };
    draw();
    counting = window.setInterval(draw, 250);
  }

  at("undo").addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-undo]") : null;
    const seq = shown?.seq;
    if (!pressed || seq === undefined) return;
    at("undo").hidden = true;
    device.takeBack(seq, pressed.textContent?.trim() ?? "");
  });
  at("confirm-do").addEventListener("click", () => {
    if (shown) device.confirm({ ...shown.asked, confirmed: true });
  });
  at("confirm-no").addEventListener("click", clear);

  /** @param {Shown} what */
  function face(what) {
    const frame = at("face");
    frame.replaceChildren();
    if (url) URL.revokeObjectURL(url);
    url = "";
    /** @param {Blob} blob */
    const put = (blob) => {
      if (shown !== what) return;
      url = URL.createObjectURL(blob);
      const image = document.createElement("img");
      image.src = url;
      image.alt = words("photo-of", { name: what.card?.name ?? "" });
      frame.replaceChildren(image);
    };
    frame.hidden = !(what.photo || what.photoUrl);
    if (what.photo) put(what.photo);
    else if (what.photoUrl) {
      ask(what.photoUrl, { token: device.token() }).then(
        async (answer) => put(await answer.blob()),
        () => void (frame.hidden = true),
      );
    }
  }

  return {
    show,
    clear,
    /** What is on the screen. */
    get now() {
      return shown;
    },
  };
}
