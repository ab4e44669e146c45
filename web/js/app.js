/** Starts every page: keys, menus, dialogs, confirmation, and the modules that need no page of their own. */

import { note, typing, words } from "./dom.js";
import "./draft.js";
import "./filter.js";
import "./live.js";
import "./select.js";

// ---------------------------------------------------------------- colours

// Charts turn with the attribute; where nothing was chosen, it says what the device wants.
const root = document.documentElement;
if (!root.dataset.bsTheme) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    root.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  follow();
  dark.addEventListener("change", follow);
}

// ---------------------------------------------------------------- doors

// Where the doors are more than the screen is wide, the open one is in sight.
const door = document.querySelector(".mainnav [aria-current=page]");
const doors = door?.closest("ul");
if (door instanceof HTMLElement && doors && doors.scrollWidth > doors.clientWidth) {
  doors.scrollLeft = door.offsetLeft - (doors.clientWidth - door.offsetWidth) / 2;
}

// ---------------------------------------------------------------- keys

let waitingForLetter = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open instanceof HTMLDetailsElement) {
      open.open = false;
      open.querySelector("summary")?.focus();
    } else if (document.activeElement instanceof HTMLInputElement && document.activeElement.type === "search") {
      document.activeElement.blur();
    }
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (waitingForLetter && Date.now() - waitingForLetter < 1500) {
    waitingForLetter = 0;
    for (const link of document.querySelectorAll("a[data-hotkey]")) {
      if (link instanceof HTMLAnchorElement && link.dataset.hotkey === event.key.toLowerCase()) {
        event.preventDefault();
        link.click();
        return;
      }
    }
  }
  switch (event.key) {
    case "/": {
      const search = document.querySelector("[data-search]");
      if (search instanceof HTMLInputElement) {
        event.preventDefault();
        search.focus();
        search.select();
      }
      break;
    }
    case "?":
      event.preventDefault();
      openDialog("help");
      break;
    case "g":
      waitingForLetter = Date.now();
      break;
    case "ArrowDown":
    case "ArrowUp":
      if (moveRow(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      break;
    case "Enter": {
      const row = document.activeElement;
      if (row instanceof HTMLTableRowElement && openRow(row)) event.preventDefault();
      break;
    }
  }
});

/** Moves to the next row of the list the focus is in, or of the first list. @param {number} step */
function moveRow(step) {
  const active = document.activeElement;
  if (active instanceof HTMLElement && active.closest("[role=listbox], [role=menu], [role=tablist], .gantt-wrap")) return false;
  const current = active instanceof HTMLElement ? active.closest("tr") : null;
  const table = current?.closest("table[data-rows]") ?? document.querySelector("table[data-rows]");
  if (!table) return false;
  const rows = [...table.querySelectorAll("tbody tr:not(.group):not([hidden])")].filter((row) => row instanceof HTMLTableRowElement);
  if (rows.length === 0) return false;
  const at = current ? rows.indexOf(current) : step > 0 ? -1 : rows.length;
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  for (const other of table.querySelectorAll(".row-current")) other.classList.remove("row-current");
  row.classList.add("row-current");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

/** @param {HTMLTableRowElement} row */
function openRow(row) {
  const link = row.querySelector("a[href]");
  if (row.dataset.href) location.assign(row.dataset.href);
  else if (link instanceof HTMLAnchorElement) link.click();
  else return false;
  return true;
}

// ---------------------------------------------------------------- clicks

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu instanceof HTMLDetailsElement && !menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-open]");
  if (opener instanceof HTMLElement && opener.dataset.open) openDialog(opener.dataset.open);
  const closer = event.target.closest("[data-close]");
  if (closer instanceof HTMLElement) closer.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) print();
  const copier = event.target.closest("[data-copy]");
  if (copier instanceof HTMLElement && copier.dataset.copy !== undefined) {
    navigator.clipboard?.writeText(copier.dataset.copy).then(() => note(words("copied")));
  }
  // The switch of language or colours comes back to the address as it is now, filters included.
  const change = event.target.closest("a[data-switch]");
  if (change instanceof HTMLAnchorElement) {
    const url = new URL(change.href);
    const here = new URL(location.href);
    here.searchParams.delete("lang");
    url.searchParams.set("ve", here.pathname + here.search);
    change.href = url.href;
  }
});

/** @param {string} id */
function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.matches("[data-auto-submit]")) field.closest("form")?.requestSubmit();
});

// ---------------------------------------------------------------- confirmation

/**
 * Asks before something dangerous; the text says what will happen and to how many.
 * @param {string} text
 * @param {string} [yes] words of the button that does it
 * @returns {Promise<boolean>}
 */
export function ask(text, yes) {
  const dialog = document.getElementById("confirm");
  const line = document.getElementById("confirm-text");
  if (!(dialog instanceof HTMLDialogElement) || !line) return Promise.resolve(confirm(text));
  line.textContent = text.replace("{n}", String(document.querySelectorAll("table[data-select] tbody input[type=checkbox]:checked").length));
  const button = dialog.querySelector("button[value=yes]");
  if (button) {
    button.setAttribute("data-words", button.getAttribute("data-words") ?? button.textContent ?? "");
    button.textContent = yes ?? button.getAttribute("data-words");
  }
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** @type {WeakSet<HTMLFormElement>} */
const confirmed = new WeakSet();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
  const submitter = event.submitter;
  const source = submitter?.dataset.confirm ? submitter : form;
  if (!source.dataset.confirm) return;
  if (confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(source.dataset.confirm, source.dataset.confirmYes)) {
    confirmed.add(form);
    form.requestSubmit(submitter);
  }
}, { capture: true });

// Elements of htmx that are not forms (hx-post on a button).
document.addEventListener("htmx:confirm", async (event) => {
  const detail = /** @type {CustomEvent} */ (event).detail;
  const element = detail.elt;
  if (!(element instanceof HTMLElement) || element instanceof HTMLFormElement || !element.dataset.confirm) return;
  event.preventDefault();
  if (await ask(element.dataset.confirm, element.dataset.confirmYes)) detail.issueRequest(true);
});

// ---------------------------------------------------------------- answers that are not a page

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (xhr.getResponseHeader("HX-Redirect")) return;
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const text = answer.querySelector("[role=alert]")?.textContent?.replace(/\s+/g, " ").trim();
  note(text || words("failed"), { error: true });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => note(words("failed"), { error: true }));
}

// ---------------------------------------------------------------- walls: pages that turn, a clock that walks

const started = Date.now();
let turn = 0;

/** Shows one page of each `[data-turn]` group. */
function showPages() {
  for (const group of document.querySelectorAll("[data-turn]")) {
    const pages = [...group.children];
    pages.forEach((page, i) => page.toggleAttribute("hidden", i !== turn % pages.length));
  }
}

function tick() {
  for (const face of document.querySelectorAll("[data-clock]")) {
    if (!(face instanceof HTMLElement)) continue;
    const [hours, minutes, seconds] = (face.dataset.clock ?? "").slice(11).split(":").map(Number);
    const now = ((hours * 60 + minutes) * 60 + (seconds || 0) + Math.round((Date.now() - started) / 1000)) % 86400;
    face.textContent = `${String(Math.floor(now / 3600)).padStart(2, "0")}:${String(Math.floor(now / 60) % 60).padStart(2, "0")}`;
  }
}

const turning = document.querySelector("[data-turn]");
if (turning instanceof HTMLElement) {
  showPages();
  setInterval(() => {
    turn += 1;
    showPages();
  }, (Number(turning.dataset.turn) || 15) * 1000);
  document.addEventListener("htmx:afterSwap", showPages);
}
if (document.querySelector("[data-clock]")) {
  tick();
  setInterval(tick, 1000);
}

const wanted = document.querySelector("[data-focus]");
if (wanted instanceof HTMLElement) wanted.focus();
