/**
 * Lists that narrow as one types.
 *
 * `<form class="filters" method="get" action="/nhiem-vu" data-filter="#list">` asks the server for
 * the list again and keeps the filters in the address bar; without a script it is a plain form.
 * `<input data-filter-rows="#table">` hides rows already on the page, with or without diacritics.
 */

import { fold } from "./dom.js";

/** @type {WeakMap<HTMLFormElement, number>} */
const waiting = new WeakMap();

/** @param {HTMLFormElement} form */
function address(form) {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") url.searchParams.append(name, value.trim());
  }
  return url.pathname + url.search;
}

/** @param {HTMLFormElement} form @param {boolean} push */
async function apply(form, push) {
  const to = address(form);
  if (to === location.pathname + location.search) return;
  const target = form.dataset.filter || "#list";
  const found = document.querySelector(target);
  if (!found) {
    location.assign(to);
    return;
  }
  history[push ? "pushState" : "replaceState"]({ filter: true }, "", to);
  found.setAttribute("aria-busy", "true");
  await htmx.ajax("GET", to, { source: form, target, select: target, swap: "morph:outerHTML" });
  document.querySelector(target)?.removeAttribute("aria-busy");
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  if (field.dataset.filterRows) {
    const asked = fold(field.value).split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll(`${field.dataset.filterRows} tbody tr:not(.group), ${field.dataset.filterRows} > li`)) {
      const text = fold(row.textContent ?? "");
      row.toggleAttribute("hidden", !asked.every((word) => text.includes(word)));
    }
    return;
  }
  const form = field.form;
  if (!form?.matches("[data-filter]") || !["search", "text"].includes(field.type)) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, window.setTimeout(() => apply(form, false), 220));
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || !field.form?.matches("[data-filter]")) return;
  clearTimeout(waiting.get(field.form));
  apply(field.form, !field.matches("[type=search], [type=text]"));
});

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-filter]")) return;
  event.preventDefault();
  clearTimeout(waiting.get(event.target));
  apply(event.target, true);
});

addEventListener("popstate", () => {
  if (document.querySelector("form[data-filter]")) location.reload();
});
