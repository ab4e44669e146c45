/** Lists that live: marks stay when rows change, what changed shows for a moment, links keep the filter. */

const callbacks = Idiomorph.defaults.callbacks;

// A mark belongs to who made it, not to the server.
callbacks.beforeAttributeUpdated = (/** @type {string} */ name, /** @type {Element} */ node) => !(name === "checked" && node.closest(".pick"));

callbacks.beforeNodeMorphed = (/** @type {Node} */ old, /** @type {Node} */ fresh) => {
  if (old instanceof HTMLElement && fresh instanceof HTMLElement && old.dataset.version !== fresh.dataset.version) {
    setTimeout(() => old.classList.add("is-changed"));
    setTimeout(() => old.classList.remove("is-changed"), 2500);
  }
  return true;
};

/** The address has changed while the page around the list stayed: other views and the form to save follow it. */
function follow() {
  for (const link of document.querySelectorAll("a[data-keep]")) {
    if (link instanceof HTMLAnchorElement && !link.hasAttribute("aria-current")) link.search = kept();
  }
  for (const field of document.querySelectorAll("input[data-here]")) {
    if (field instanceof HTMLInputElement) field.value = location.search.slice(1);
  }
  document.querySelector("[data-filter-clear]")?.toggleAttribute("hidden", kept() === "");
}

/** The filter without what only one view understands. */
function kept() {
  const query = new URLSearchParams(location.search);
  for (const own of ["trang", "thang", "lang", "sap-xep", "nguoc"]) query.delete(own);
  return query.toString();
}

document.addEventListener("htmx:afterSwap", follow);
follow();

// While the stream lives, the figures are those of this minute; when it is lost, their moment stands still.
const began = Date.now();
const moment = document.querySelector("[data-live-moment]");
const [day, time] = (moment?.getAttribute("datetime") ?? "").split("T");
if (moment && day && time) {
  const start = Date.parse(`${day}T${time}Z`);
  setInterval(() => {
    if (moment.closest(".is-stale")) return;
    const now = new Date(start + Date.now() - began).toISOString();
    moment.textContent = `${now.slice(11, 16)} ${now.slice(8, 10)}/${now.slice(5, 7)}/${now.slice(0, 4)}`;
  }, 5000);
}

export {};
