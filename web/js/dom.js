/** Small helpers that every module shares. */

/**
 * Letters without their Vietnamese marks, in lower case: what search compares.
 * @param {string} text
 */
export function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
}

/** Whether keys belong to a field just now. @param {EventTarget | null} target */
export function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select"));
}

/** The time of day as 07:30. @param {Date} at */
export function clock(at) {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** The words a page gives to scripts, as data attributes of the note area. @param {string} name */
export function words(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

/**
 * Shows a note in the corner; it leaves by itself unless it has a button or says that something failed.
 * @param {string} text
 * @param {{ error?: boolean, action?: string, onAction?: () => void }} [options]
 */
export function note(text, options = {}) {
  const area = document.getElementById("toasts");
  if (!area) return;
  const box = document.createElement("div");
  box.className = options.error ? "toast-note is-error" : "toast-note";
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  if (options.action) {
    const act = document.createElement("button");
    act.type = "button";
    act.textContent = options.action;
    act.addEventListener("click", () => {
      box.remove();
      options.onAction?.();
    });
    box.append(act);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words("close"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  area.append(box);
  if (!options.error && !options.action) setTimeout(() => box.remove(), 6000);
}

/** @param {string} text @param {Date} at */
export function withTime(text, at) {
  return text.replace("{time}", clock(at));
}
