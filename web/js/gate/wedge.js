/**
 * Scanners that type: whatever has the focus, whatever input method is on. They type faster than people and end with
 * Enter. Digits are read from the key itself, which no Vietnamese input method rewrites.
 */

/** A longer pause begins anew, in milliseconds. */
const PAUSE = 250;
/** The mean pause of a scanner is shorter. */
const FAST = 60;
/** Shorter texts are typed by people. */
const LEAST = 20;

/** @param {(text: string) => void} scanned */
export function listen(scanned) {
  let text = "";
  let began = 0;
  let last = 0;
  /** @type {HTMLInputElement | HTMLTextAreaElement | null} */
  let field = null;
  let before = "";

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const now = performance.now();
      if (event.key === "Enter" || event.key === "Tab") {
        const scan = text;
        const fast = text.length > 1 && (last - began) / (text.length - 1) < FAST;
        text = "";
        if (scan.length < LEAST || !fast) return;
        event.preventDefault();
        event.stopPropagation();
        // What the scanner typed into a field is taken out again.
        if (field) {
          field.value = before;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        scanned(scan);
        return;
      }
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
      const letter = event.key.length === 1 ? event.key : (digit ?? "");
      if (letter === "") return;
      if (text === "" || now - last > PAUSE) {
        text = "";
        began = now;
        const target = event.target;
        field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
        before = field?.value ?? "";
      }
      last = now;
      if (text.length < 2000) text += letter;
    },
    { capture: true },
  );
}
