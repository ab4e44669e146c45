/**
 * Keeps what is typed into `<form data-draft="key">` on this device until the server has it:
 * a lost connection, a closed tab or an ended session loses nothing. Signing out forgets all drafts.
 */

import { note, withTime, words } from "./dom.js";

const PREFIX = "draft:";
const SENT = "draft-sent";

/** @typedef {{ at: number, values: [string, string][] }} Draft */

/** @param {HTMLFormElement} form */
function fields(form) {
  return [...form.elements].filter((field) =>
    (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
    && field.name !== "" && !field.disabled && !field.matches("[type=hidden], [type=password], [type=file], [type=submit], [data-no-draft]"));
}

/** @param {HTMLFormElement} form @returns {[string, string][]} */
function read(form) {
  return fields(form).map((field) => {
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) return [`${field.name}=${field.value}`, field.checked ? "1" : ""];
    return [field.getAttribute("name") ?? "", /** @type {HTMLInputElement} */ (field).value];
  });
}

/** @param {HTMLFormElement} form @param {[string, string][]} values */
function write(form, values) {
  const left = [...values];
  for (const field of fields(form)) {
    const tick = field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
    const name = tick ? `${field.name}=${field.value}` : field.getAttribute("name");
    const at = left.findIndex(([key]) => key === name);
    if (at < 0) continue;
    const [[, value]] = left.splice(at, 1);
    if (tick) field.checked = value === "1";
    else /** @type {HTMLInputElement} */ (field).value = value;
  }
}

/** @param {string} key @param {Draft | null} draft */
function store(key, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // The device keeps nothing (private window, full): typing goes on without a copy.
  }
}

/** @param {string} key @returns {Draft | null} */
function load(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return draft && Array.isArray(draft.values) && Number.isFinite(draft.at) ? draft : null;
  } catch {
    return null;
  }
}

/** @param {ParentNode} root */
function restore(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (!(form instanceof HTMLFormElement) || !form.dataset.draft || form.dataset.draftReady) continue;
    form.dataset.draftReady = "yes";
    const key = form.dataset.draft;
    const draft = load(key);
    if (!draft) continue;
    // The server gave the form back with errors: it already holds what was typed.
    if (form.querySelector("[aria-invalid=true], .has-error")) continue;
    const before = read(form);
    if (JSON.stringify(before) === JSON.stringify(draft.values)) continue;
    write(form, draft.values);
    form.setAttribute("data-dirty", "");
    note(withTime(words("restored"), new Date(draft.at)), {
      action: words("discard"),
      onAction: () => {
        write(form, before);
        form.removeAttribute("data-dirty");
        store(key, null);
      },
    });
  }
}

/** @type {Map<string, number>} */
const waiting = new Map();

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-draft]") : null;
  if (!(form instanceof HTMLFormElement) || !form.dataset.draft) return;
  const key = form.dataset.draft;
  clearTimeout(waiting.get(key));
  waiting.set(key, window.setTimeout(() => store(key, { at: Date.now(), values: read(form) }), 300));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.matches("[data-forget-drafts], [action='/ra']")) {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    return;
  }
  if (!form.dataset.draft) return;
  clearTimeout(waiting.get(form.dataset.draft));
  store(form.dataset.draft, { at: Date.now(), values: read(form) });
  // A page that follows proves that the server answered; until then the copy stays.
  if (!form.matches("[hx-post], [hx-put], [hx-patch]")) sessionStorage.setItem(SENT, `${Date.now()} ${form.dataset.draft}`);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful } = /** @type {CustomEvent} */ (event).detail;
  if (successful && elt instanceof HTMLFormElement && elt.dataset.draft) {
    store(elt.dataset.draft, null);
    elt.removeAttribute("data-dirty");
  }
});

document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element) restore(event.target.parentElement ?? event.target);
});

/**
 * Whether this page is the server's answer to the form sent at that moment: the same navigation, led on to
 * another page. Coming back after a lost connection is a navigation of its own.
 * @param {number} at
 */
function answered(at) {
  const [here] = performance.getEntriesByType("navigation");
  return here instanceof PerformanceNavigationTiming && here.redirectCount > 0 && Math.abs(performance.timeOrigin - at) < 2000;
}

const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  const space = sent.indexOf(" ");
  const key = sent.slice(space + 1);
  if (answered(Number(sent.slice(0, space))) && !document.querySelector(".problem, [role=alert], input[type=password]")) store(key, null);
}
restore(document);
