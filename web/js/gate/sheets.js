/** The two sheets of a gate: finding somebody by name, and what was scanned last. */

import { fold } from "../dom.js";
import { clockOf } from "./screen.js";

/** @typedef {import("./open.js").Card} Card */
/** Something that can be taken back. @typedef {{ seq: number, name: string, verdict: string, at: Date, pass?: string | null }} Past */
/**
 * What the gate gives to its sheets.
 * @typedef {{
 *   at: <T extends HTMLElement>(id: string) => T,
 *   words: (name: string, values?: Record<string, string | number>) => string,
 *   search: (q: string) => Promise<Card[] | null>,
 *   past: () => Past[],
 *   officer: () => boolean,
 *   act: (card: Card, kind: "in" | "out" | "leave_granted", reason: string) => boolean,
 *   lock: (card: Card, reason: string) => Promise<boolean>,
 *   takeBack: (one: Past, reason: string) => Promise<void>,
 * }} Gate
 */

/**
 * People of a list that is kept here, by name, code, number or group.
 * @param {Card[]} people @param {string} q @returns {Card[]}
 */
export function among(people, q) {
  const wanted = fold(q.trim());
  const group = /^to (\d+)$/.exec(wanted)?.[1];
  const number = /^\d+$/.test(wanted) ? wanted.replace(/^0+/, "") : null;
  return people
    .filter((one) => {
      if (group) return one.group === Number(group);
      if (number !== null) return one.code.replace(/^.*-0*/, "") === number;
      return fold(`${one.name} ${one.code}`).includes(wanted);
    })
    .slice(0, 30);
}

/** @param {Gate} gate */
export function sheets({ at, words, search: find, past, officer, act, lock, takeBack }) {
  const search = /** @type {HTMLDialogElement} */ (at("search"));
  const recent = /** @type {HTMLDialogElement} */ (at("recent"));
  const why = () => /** @type {HTMLInputElement} */ (at("leave-why"));
  let turn = 0;

  /** @param {string} word @param {string} name @param {() => void} press @param {string} [look] */
  function button(word, name, press, look = "btn-outline-secondary") {
    const one = document.createElement("button");
    one.type = "button";
    one.className = `btn ${look}`;
    one.textContent = words(word);
    one.setAttribute("aria-label", `${words(word)}: ${name}`);
    one.addEventListener("click", press);
    return one;
  }

  async function found() {
    const q = /** @type {HTMLInputElement} */ (at("q")).value;
    const mine = (turn += 1);
    const people = q.trim() === "" ? [] : await find(q);
    if (mine !== turn) return;
    const line = at("found-note");
    line.textContent = people === null ? words("search-offline") : people.length === 0 && q.trim() !== "" ? words("search-none") : "";
    at("found").replaceChildren(
      ...(people ?? []).map((one) => {
        const item = document.createElement("li");
        const name = document.createElement("p");
        const strong = document.createElement("b");
        strong.textContent = one.name;
        name.append(strong, ` ${[one.code, one.group ? words("group", { no: one.group }) : "", one.inside ? words("search-inside") : ""].filter(Boolean).join(" · ")}`);
        item.append(name);
        for (const [kind, word] of /** @type {const} */ ([["in", "act-enter"], ["out", "act-exit"], ["leave_granted", "act-leave"]])) {
          item.append(button(word, one.name, () => press(one, kind)));
        }
        if (officer()) item.append(button("act-lock", one.name, () => void locks(one), "btn-danger"));
        return item;
      }),
    );
  }

  /** @returns {string} the reason; empty after saying that one is needed */
  function reason() {
    const text = why().value.trim();
    if (text === "") {
      at("found-note").textContent = words("reason-needed");
      why().focus();
    }
    return text;
  }

  /** @param {Card} card @param {"in" | "out" | "leave_granted"} kind */
  function press(card, kind) {
    if (act(card, kind, why().value.trim())) {
      why().value = "";
      search.close();
    } else {
      reason();
    }
  }

  /** @param {Card} card */
  async function locks(card) {
    const text = reason();
    if (text === "") return;
    const done = await lock(card, text);
    at("found-note").textContent = words(done ? "lock-done" : "lock-failed", { name: card.name });
    if (done) why().value = "";
  }

  function drawPast() {
    const list = at("recent-list");
    if (past().length === 0) {
      const item = document.createElement("li");
      item.textContent = words("recent-none");
      return list.replaceChildren(item);
    }
    list.replaceChildren(
      ...past().map((one) => {
        const item = document.createElement("li");
        const line = document.createElement("p");
        line.textContent = `${clockOf(one.at)} ${words(`say-${one.verdict}`)}: ${one.name}`;
        const back = document.createElement("button");
        back.type = "button";
        back.className = "btn btn-outline-secondary";
        back.textContent = words("void-of", { name: one.name });
        back.addEventListener("click", () => void takes(one));
        item.append(line, back);
        return item;
      }),
    );
  }

  /** @param {Past} one */
  async function takes(one) {
    const field = /** @type {HTMLInputElement} */ (at("void-why"));
    const error = at("void-error");
    const text = field.value.trim();
    error.hidden = text !== "";
    if (text === "") {
      error.textContent = words("reason-needed");
      return field.focus();
    }
    field.value = "";
    recent.close();
    await takeBack(one, text);
  }

  at("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void found();
  });
  at("q").addEventListener("input", () => void found());
  at("find").addEventListener("click", () => {
    /** @type {HTMLInputElement} */ (at("q")).value = "";
    void found();
    search.showModal();
    at("q").focus();
  });
  at("past").addEventListener("click", () => {
    drawPast();
    recent.showModal();
  });
  for (const dialog of [search, recent]) {
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  }

  return {
    close() {
      search.close();
      recent.close();
    },
  };
}
