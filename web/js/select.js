/**
 * Select many: `<table data-select>` with a check box in the `.pick` cell of each row, one
 * `[data-select-all]` in the head, and a `[data-selection]` bar. Shift marks a stretch, `x` the
 * current row. A form outside the table takes the marks by `form="…"` on the boxes.
 */

import { typing } from "./dom.js";

/** @type {HTMLInputElement | null} */
let last = null;

/** @param {Element} table */
function boxes(table) {
  return [...table.querySelectorAll("tbody .pick input[type=checkbox]")].filter((box) => box instanceof HTMLInputElement);
}

/** @param {Element} table */
function update(table) {
  const all = boxes(table);
  const marked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr")?.classList.toggle("row-marked", box.checked);
  const head = table.querySelector("[data-select-all]");
  if (head instanceof HTMLInputElement) {
    head.checked = all.length > 0 && marked.length === all.length;
    head.indeterminate = marked.length > 0 && marked.length < all.length;
  }
  for (const bar of document.querySelectorAll("[data-selection]")) {
    bar.toggleAttribute("hidden", marked.length === 0);
    const count = bar.querySelector("[data-selected]");
    if (count instanceof HTMLElement) count.textContent = (count.dataset.selected ?? "").replace("{n}", String(marked.length));
  }
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-select-clear]")) {
    for (const table of document.querySelectorAll("table[data-select]")) {
      for (const box of boxes(table)) box.checked = false;
      update(table);
    }
    return;
  }
  const box = event.target.closest("table[data-select] .pick input[type=checkbox]");
  const table = box?.closest("table[data-select]");
  if (!(box instanceof HTMLInputElement) || !table) return;
  const all = boxes(table);
  if (box.matches("[data-select-all]")) {
    for (const other of all) if (!other.closest("tr")?.hidden) other.checked = box.checked;
  } else {
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const other of all.slice(from, to + 1)) other.checked = box.checked;
    }
    last = box;
  }
  update(table);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const row = document.activeElement?.closest("table[data-select] tbody tr");
  const box = row?.querySelector(".pick input[type=checkbox]");
  const table = row?.closest("table[data-select]");
  if (box instanceof HTMLInputElement && table) {
    box.checked = !box.checked;
    last = box;
    update(table);
  }
});

document.addEventListener("htmx:afterSwap", () => {
  for (const table of document.querySelectorAll("table[data-select]")) update(table);
});
for (const table of document.querySelectorAll("table[data-select]")) update(table);
