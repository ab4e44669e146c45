/** The wall: pages turn by themselves, arrow keys turn them by hand, figures that stand still are marked. */

const STALE_AFTER = 150; // seconds; the server draws the wall at every minute

let shown = 0;
let turned = Date.now();
let drawn = Date.now();
let moment = "";

function pages() {
  return [...document.querySelectorAll("[data-wall] > .wall-page")];
}

function show() {
  const all = pages();
  if (all.length > 0) shown %= all.length;
  all.forEach((page, i) => page.toggleAttribute("hidden", i !== shown));
  const line = document.querySelector(".wall-number");
  if (line instanceof HTMLElement) {
    line.textContent = all.length > 1 ? (line.dataset.words ?? "").replace("{page}", String(shown + 1)).replace("{pages}", String(all.length)) : "";
  }
}

/** @param {number} step */
function turn(step) {
  const count = pages().length;
  if (count > 0) shown = (shown + step + count) % count;
  turned = Date.now();
  show();
}

/** A new drawing has a new moment; the page that is shown stays. */
function fresh() {
  const line = document.querySelector("[data-asof]");
  const now = line instanceof HTMLElement ? (line.dataset.asof ?? "") : "";
  if (now !== moment) {
    moment = now;
    drawn = Date.now();
  }
  show();
}

setInterval(() => {
  const group = document.querySelector("[data-wall]");
  const seconds = group instanceof HTMLElement ? Number(group.dataset.wall) || 15 : 15;
  if (Date.now() - turned >= seconds * 1000) turn(1);
  // A server that hangs keeps its stream open: the age of the figures tells.
  const old = (Date.now() - drawn) / 1000 > STALE_AFTER;
  if (old) for (const line of document.querySelectorAll("[data-asof]")) line.classList.add("is-stale");
}, 1000);

document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" || event.key === " ") turn(1);
  if (event.key === "ArrowLeft") turn(-1);
});
document.addEventListener("htmx:afterSwap", fresh);
document.documentElement.classList.add("wall-script");
fresh();

export {};
