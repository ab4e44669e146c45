/**
 * Says when the page is no longer up to date, since when, and what still works; recovers alone.
 * The stream itself is the SSE extension's: `<main sse-connect="…">`.
 */

import { note, withTime, words } from "./dom.js";

const bar = document.getElementById("offline");
/** When the stream was lost; null while it lives. @type {Date | null} */
let lost = null;
/** The stream that was opened last. @type {EventSource | null} */
let stream = null;
/** A short break is not worth a word. */
let patience = 0;

function show() {
  if (!bar || !lost) return;
  const text = bar.querySelector("span");
  if (text) text.textContent = withTime((navigator.onLine ? bar.dataset.live : bar.dataset.offline) ?? "", lost);
  bar.classList.remove("is-back");
  bar.hidden = false;
  for (const line of document.querySelectorAll(".as-of")) line.classList.add("is-stale");
}

function onLost() {
  if (lost) return;
  lost = new Date();
  patience = window.setTimeout(show, navigator.onLine ? 3000 : 0);
}

function onBack() {
  if (!lost) return;
  const shown = bar && !bar.hidden;
  lost = null;
  clearTimeout(patience);
  for (const line of document.querySelectorAll(".as-of")) line.classList.remove("is-stale");
  if (!bar || !shown) return;
  const text = bar.querySelector("span");
  if (text) text.textContent = bar.dataset.back ?? "";
  bar.classList.add("is-back");
  setTimeout(() => {
    if (!lost) bar.hidden = true;
  }, 3000);
  refresh();
}

/** Fetches what changed while the stream was away; never under the hands of someone who types. */
function refresh() {
  const main = document.getElementById("main");
  if (!main) return;
  if (main.querySelector("form[data-dirty], dialog[open]") || document.activeElement?.closest("main form")) {
    note(words("fresh"), { action: words("reload"), onAction: () => location.reload() });
    return;
  }
  htmx.ajax("GET", location.pathname + location.search, { source: document.body, target: "#main", select: "#main > *", swap: "morph:innerHTML", headers: { "HX-History-Restore-Request": "true" } });
}

addEventListener("offline", () => {
  onLost();
  clearTimeout(patience);
  show();
});
addEventListener("online", () => {
  if (!stream) {
    onBack();
    return;
  }
  show();
  // A stream that was open may be dead without knowing it, or alive and silent: a new one tells.
  if (stream.readyState !== EventSource.CLOSED) {
    stream.close();
    stream.dispatchEvent(new Event("error"));
  }
});
document.addEventListener("htmx:sseOpen", (event) => {
  stream = /** @type {CustomEvent} */ (event).detail.source;
  onBack();
});
document.addEventListener("htmx:sseError", onLost);

document.addEventListener("input", (event) => {
  if (event.target instanceof Element) event.target.closest("main form:not([data-filter])")?.setAttribute("data-dirty", "");
});
