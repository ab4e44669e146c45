/**
 * The minutes desk: one field takes a conclusion after the other by keyboard. What is typed is kept on this
 * device until the server has it; each line carries a key of its own, so that it is written once however often
 * it is sent.
 */

import { fold, note, withTime, words } from "./dom.js";

/** @typedef {{ key: string, text: string, at: number, refused?: string }} Line */

const desk = document.querySelector("[data-minutes]");
const form = document.querySelector("form[data-entry]");
const field = document.querySelector("[data-entry-text]");
const waiting = document.querySelector("[data-outbox]");
const choices = document.querySelector("div[data-choices]");

if (desk instanceof HTMLElement && form instanceof HTMLFormElement && field instanceof HTMLTextAreaElement && waiting instanceof HTMLElement && choices instanceof HTMLElement) {
  start(desk, form, field, waiting, choices);
}

/** The id of a new line (UUID 4); `randomUUID` is missing where a hall's network has no TLS. */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @param {HTMLElement} desk
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 * @param {HTMLElement} waiting
 * @param {HTMLElement} choices
 */
function start(desk, form, field, waiting, choices) {
  // Signing out forgets everything that begins so.
  const store = `draft:minutes-${desk.dataset.minutes}`;
  const typed = `${store}-typed`;

  // -------------------------------------------------------------- what waits to be sent

  /** @returns {Line[]} */
  const load = () => {
    try {
      const lines = JSON.parse(localStorage.getItem(store) ?? "[]");
      return Array.isArray(lines) ? lines.filter((line) => typeof line?.key === "string" && typeof line?.text === "string") : [];
    } catch {
      return [];
    }
  };
  /** Where the device keeps nothing (private window, full), the lines live as long as the page. */
  let lines = load();
  /** @param {string} name @param {string} value */
  const keep = (name, value) => {
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
    } catch {
      // Typing goes on without a copy.
    }
  };
  const save = () => {
    keep(store, lines.length > 0 ? JSON.stringify(lines) : "");
    draw();
  };

  function draw() {
    waiting.hidden = lines.length === 0;
    waiting.replaceChildren(...lines.map((line) => {
      const item = document.createElement("li");
      item.className = line.refused ? "is-refused" : "is-waiting";
      const text = document.createElement("p");
      text.textContent = line.text;
      const state = document.createElement("small");
      state.textContent = line.refused ?? withTime(desk.dataset.waiting ?? "", new Date(line.at));
      item.append(text, state);
      if (line.refused) {
        const again = document.createElement("button");
        again.type = "button";
        again.className = "btn btn-outline-secondary btn-sm";
        again.textContent = desk.dataset.again ?? "";
        again.addEventListener("click", () => {
          field.value = line.text;
          drop(line.key);
          field.focus();
          changed();
        });
        item.append(again);
      }
      return item;
    }));
  }

  /** @param {string} key */
  function drop(key) {
    lines = lines.filter((line) => line.key !== key);
    save();
  }

  let sending = false;

  /** Sends what waits, in order; a line that is refused stands aside and the next goes on. */
  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (const line of lines.filter((one) => !one.refused)) {
        const answer = await fetch(form.dataset.entry ?? "", {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json", "HX-Request": "true" },
          body: new URLSearchParams({ id: line.key, typed: line.text }),
        });
        if (answer.ok) {
          drop(line.key);
        } else if (answer.status >= 500 || answer.status === 429 || answer.status === 401) {
          // Not a word about the line itself: it is sent again.
          if (answer.status === 401) note(words("failed"), { error: true });
          break;
        } else {
          const problem = await answer.json().catch(() => null);
          const said = (problem?.fields ?? []).map((/** @type {{ message: string }} */ one) => one.message).join(" ");
          line.refused = said || problem?.detail || words("failed");
          save();
        }
      }
    } catch {
      // The connection is away; the next try comes by itself.
    } finally {
      sending = false;
    }
  }

  setInterval(() => {
    if (lines.some((line) => !line.refused)) send();
  }, 3000);
  addEventListener("online", send);
  // A line that another tab has sent waits here no longer.
  addEventListener("storage", (event) => {
    if (event.key === store) {
      lines = load();
      draw();
    }
  });

  // -------------------------------------------------------------- typing

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    lines.push({ key: fresh(), text, at: Date.now() });
    field.value = "";
    changed();
    save();
    send();
    field.focus();
  });

  /** The server reads the shortcuts again and shows what it understood. */
  let reading = 0;
  let last = "";
  function changed() {
    keep(typed, field.value);
    suggest();
    clearTimeout(reading);
    reading = window.setTimeout(read, 250);
  }

  async function read() {
    const target = document.getElementById("understood");
    if (!target || field.value === last) return;
    last = field.value;
    if (!field.value.trim()) {
      target.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(form.dataset.read ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" },
        body: new URLSearchParams({ text: field.value }),
      });
      if (answer.ok && field.value === last) target.innerHTML = await answer.text();
    } catch {
      target.textContent = desk.dataset.unread ?? "";
      last = "";
    }
  }

  field.addEventListener("input", changed);

  // -------------------------------------------------------------- @unit and #task

  const known = [...choices.querySelectorAll("[data-insert]")].filter((one) => one instanceof HTMLElement);
  /** @type {HTMLElement[]} */
  let offered = [];
  let at = 0;
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = "choices-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.choicesLabel ?? "");
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-controls", list.id);

  /** The shortcut that is being typed. @returns {{ mark: string, word: string, start: number } | null} */
  function word() {
    const before = field.value.slice(0, field.selectionStart ?? 0);
    const found = /(?:^|[\s(,;:-])([@#])([^@#\n,;.]{0,40})$/u.exec(before);
    return found ? { mark: found[1], word: found[2], start: before.length - found[2].length - 1 } : null;
  }

  function suggest() {
    const now = word();
    const wanted = now ? fold(now.word).trim() : "";
    offered = !now ? [] : known.filter((one) => one.dataset.insert?.startsWith(now.mark)
      && wanted.split(/\s+/).every((part) => (one.dataset.fold ?? "").includes(part))).slice(0, 8);
    // What is typed out already needs no offer.
    if (offered.length === 1 && now && fold(offered[0].dataset.insert ?? "") === fold(now.mark + now.word.trim())) offered = [];
    at = 0;
    show();
  }

  function show() {
    list.hidden = offered.length === 0;
    field.setAttribute("aria-expanded", String(offered.length > 0));
    list.replaceChildren(...offered.map((one, i) => {
      const item = document.createElement("li");
      item.id = `choice-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(i === at));
      item.textContent = one.textContent;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        at = i;
        take();
      });
      return item;
    }));
    if (offered.length > 0) field.setAttribute("aria-activedescendant", `choice-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function take() {
    const now = word();
    const one = offered[at];
    if (!now || !one) return;
    const end = field.selectionStart ?? field.value.length;
    field.setRangeText(`${one.dataset.insert} `, now.start, end, "end");
    changed();
  }

  field.addEventListener("blur", () => {
    offered = [];
    show();
  });

  // -------------------------------------------------------------- keys

  const rows = () => [...desk.querySelectorAll("[data-conclusion]")].filter((one) => one instanceof HTMLElement);

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (offered.length > 0) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
        show();
        return;
      }
      if (event.key === "Tab" || event.key === "Enter") {
        event.preventDefault();
        take();
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        offered = [];
        show();
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" && field.selectionStart === 0 && field.selectionEnd === 0) {
      const all = rows();
      if (all.length > 0) {
        event.preventDefault();
        all[all.length - 1].focus();
      }
    }
  });

  desk.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches("[data-conclusion]")) return;
    const all = rows();
    const here = all.indexOf(row);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      event.stopPropagation();
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      if (next >= all.length) field.focus();
      else if (next >= 0) all[next].focus();
    } else if (/^[1-4]$/.test(event.key)) {
      const button = row.querySelector(`button[data-number="${event.key}"], a[data-number="${event.key}"]`);
      if (button instanceof HTMLElement) {
        event.preventDefault();
        button.click();
      }
    } else if (event.key === "Enter") {
      const edit = row.querySelector("a[data-edit]");
      if (edit instanceof HTMLElement) {
        event.preventDefault();
        edit.click();
      }
    } else if (event.key === "Escape") {
      field.focus();
    }
  });

  // Ctrl and an arrow move the room to the next item, from wherever one types.
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
    if (document.activeElement === field && field.value) return;
    const button = desk.querySelector(event.key === "ArrowRight" ? "[data-item-next]" : "[data-item-back]");
    if (button instanceof HTMLElement) {
      event.preventDefault();
      button.click();
    }
  });

  // -------------------------------------------------------------- coming back

  try {
    const left = localStorage.getItem(typed);
    if (left && !field.value) field.value = left;
  } catch {
    // Nothing was kept.
  }
  draw();
  send();
  if (field.value) changed();
}

export {};
