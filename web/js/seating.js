/**
 * Seats people by hand on the map: drag with the mouse, hold and drag with a finger, or choose a person and then a
 * place by click, tap or keys. Each ends in the form beside the map, which does the same without any of this, so the
 * server decides once and says why not.
 */

const form = document.querySelector("form[data-seat-form]");
const status = document.querySelector("[data-seat-status]");
/** How long a finger rests before it drags, in milliseconds: shorter is a scroll of the map. */
const HOLD = 350;
/** How near to an edge of the map a drag scrolls it, and by how much each time, in pixels. */
const EDGE = 48;
const STEP = 16;
/** How far a pointer may tremble, in pixels. */
const TREMBLE = 6;
const KEPT = `seat-scroll ${location.pathname}`;

/** Who was chosen, and where they sat. @type {{ who: string, name: string, place: string } | null} */
let chosen = null;
/** A pointer that is down. @type {{ x: number, y: number, from: Element, timer: number, drags: boolean, ghost: HTMLElement | null, scroll: number } | null} */
let held = null;
/** A drag has just ended: the click that follows is part of it. */
let dropped = false;

/** @param {string} name */
function field(name) {
  const one = form?.querySelector(`[name="${name}"]`);
  return one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one : null;
}

/** @param {Element} element @param {string} name */
function data(element, name) {
  return element.getAttribute(`data-${name}`) ?? "";
}

/** @param {Element} element */
function words(element) {
  return element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
}

/** @param {string} key @param {string} name */
function say(key, name) {
  if (status instanceof HTMLElement) status.textContent = (status.getAttribute(`data-${key}`) ?? "").replace("{name}", name);
}

/** @param {EventTarget | null} target */
function seatOf(target) {
  return target instanceof Element ? target.closest("[data-place], .waiting [data-who]") : null;
}

function mark() {
  for (const one of document.querySelectorAll(".seat.is-chosen, .waiting .is-chosen")) one.classList.remove("is-chosen");
  if (!chosen) return;
  const here = document.querySelector(`[data-who="${CSS.escape(chosen.who)}"]`);
  here?.classList.add("is-chosen");
}

/** @param {Element} element */
function choose(element) {
  const who = data(element, "who");
  if (who === "") return;
  chosen = { who, name: words(element), place: data(element, "place") };
  const box = field("who");
  if (box) box.value = who;
  const seen = field("seen");
  if (seen) seen.value = chosen.place;
  say("chosen", chosen.name);
  mark();
}

function forget() {
  chosen = null;
  say("ready", "");
  mark();
}

/** @param {Element} target */
function put(target) {
  const place = data(target, "place");
  if (!chosen || !(form instanceof HTMLFormElement) || place === "" || place === chosen.place) return;
  if (target.getAttribute("aria-disabled") === "true") {
    say("blocked", words(target));
    return;
  }
  for (const [name, value] of [["who", chosen.who], ["seen", chosen.place], ["to", data(target, "text") || place]]) {
    const box = field(name);
    if (box) box.value = value;
  }
  const frame = document.querySelector(".hall-frame");
  sessionStorage.setItem(KEPT, JSON.stringify([scrollY, frame?.scrollLeft ?? 0, frame?.scrollTop ?? 0]));
  say("moving", chosen.name);
  form.requestSubmit();
}

// ---------------------------------------------------------------- pointers

/** @param {number} x @param {number} y */
function follow(x, y) {
  if (!held?.ghost) return;
  [held.x, held.y] = [x, y];
  held.ghost.style.left = `${x}px`;
  held.ghost.style.top = `${y}px`;
  for (const one of document.querySelectorAll(".seat.is-over")) one.classList.remove("is-over");
  document.elementFromPoint(x, y)?.closest("[data-place]")?.classList.add("is-over");
}

/** Near an edge of the map, or of the window, a drag brings what lies behind it. */
function edge() {
  const frame = document.querySelector(".hall-frame");
  if (!held || !frame) return;
  const box = frame.getBoundingClientRect();
  /** @param {number} at @param {number} low @param {number} high */
  const way = (at, low, high) => (at < low + EDGE ? -STEP : at > high - EDGE ? STEP : 0);
  const dx = way(held.x, Math.max(box.left, 0), Math.min(box.right, innerWidth));
  const dy = way(held.y, Math.max(box.top, 0), Math.min(box.bottom, innerHeight));
  if (dx === 0 && dy === 0) return;
  frame.scrollBy(dx, dy);
  scrollBy(0, way(held.y, 0, innerHeight));
  follow(held.x, held.y);
}

/** @param {number} x @param {number} y */
function drag(x, y) {
  if (!held) return;
  held.drags = true;
  choose(held.from);
  const ghost = document.createElement("div");
  ghost.className = "drag-ghost";
  ghost.textContent = chosen?.name ?? "";
  ghost.setAttribute("aria-hidden", "true");
  document.body.append(ghost);
  document.body.classList.add("is-dragging");
  held.ghost = ghost;
  held.scroll = window.setInterval(edge, 30);
  follow(x, y);
}

function release() {
  if (!held) return;
  clearTimeout(held.timer);
  clearInterval(held.scroll);
  held.ghost?.remove();
  document.body.classList.remove("is-dragging");
  for (const one of document.querySelectorAll(".seat.is-over")) one.classList.remove("is-over");
  held = null;
}

if (form) {
  document.addEventListener("pointerdown", (event) => {
    const from = seatOf(event.target);
    if (!from || data(from, "who") === "" || event.button !== 0 || !event.isPrimary) return;
    const { clientX: x, clientY: y } = event;
    held = { x, y, from, timer: 0, drags: false, ghost: null, scroll: 0 };
    if (event.pointerType !== "mouse") held.timer = window.setTimeout(() => drag(x, y), HOLD);
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > TREMBLE;
    if (held.drags) follow(event.clientX, event.clientY);
    else if (far && event.pointerType === "mouse") drag(event.clientX, event.clientY);
    else if (far) release();
  });

  document.addEventListener("pointerup", (event) => {
    const drags = held?.drags ?? false;
    release();
    if (!drags) return;
    dropped = true;
    setTimeout(() => (dropped = false));
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-place]");
    if (target) put(target);
  });
  document.addEventListener("pointercancel", release);

  // A finger that drags somebody does not scroll the map under them.
  document.addEventListener("touchmove", (event) => {
    if (held?.drags && event.cancelable) event.preventDefault();
  }, { passive: false });
  document.addEventListener("contextmenu", (event) => {
    if (held) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const seat = seatOf(event.target);
    if (!seat || dropped) return;
    act(seat);
  });
}

/** @param {Element} seat */
function act(seat) {
  const who = data(seat, "who");
  if (chosen && who === chosen.who) forget();
  else if (chosen && seat.hasAttribute("data-place")) put(seat);
  else if (who !== "") choose(seat);
  else if (seat.getAttribute("aria-disabled") !== "true") {
    const box = field("to");
    if (box) box.value = data(seat, "text") || data(seat, "place");
    say("empty", words(seat));
  }
}

// ---------------------------------------------------------------- keys

/** @param {Element} seat */
function middle(seat) {
  const box = seat.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** The nearest seat in a direction: what lies across counts thrice. @param {Element} from @param {number} dx @param {number} dy */
function beside(from, dx, dy) {
  const here = middle(from);
  let best = null;
  let least = Infinity;
  for (const seat of document.querySelectorAll(".hall-map .seat")) {
    const there = middle(seat);
    const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
    if (along < 2) continue;
    const across = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
    if (along + 3 * across < least) {
      least = along + 3 * across;
      best = seat;
    }
  }
  return best;
}

/** @param {Element | null} seat */
function stand(seat) {
  if (!(seat instanceof SVGElement)) return;
  for (const one of document.querySelectorAll('.hall-map .seat[tabindex="0"]')) one.setAttribute("tabindex", "-1");
  seat.setAttribute("tabindex", "0");
  seat.focus();
  seat.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** One seat of the map is reached by Tab; the others by arrows. */
function reach() {
  if (!form || document.querySelector('.hall-map .seat[tabindex="0"]')) return;
  document.querySelector(".hall-map .seat")?.setAttribute("tabindex", "0");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) release();
  if (event.key === "Escape" && chosen) {
    forget();
    return;
  }
  const seat = event.target instanceof Element ? event.target.closest(".hall-map .seat") : null;
  if (!seat || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (step) {
    event.preventDefault();
    stand(beside(seat, step[0], step[1]));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    act(seat);
  }
});

document.addEventListener("htmx:afterSwap", () => {
  mark();
  reach();
});
reach();

// Back from a move: the same corner of the map.
const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  const [y, left, top] = JSON.parse(kept);
  const frame = document.querySelector(".hall-frame");
  scrollTo(0, Number(y));
  frame?.scrollTo(Number(left), Number(top));
} else {
  // On a narrow screen the map begins in its middle, where people sit, and not in an empty corner.
  const frame = document.querySelector(".hall-frame");
  if (frame) frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}

// Who types a code by hand has seen no place: nothing is compared then.
field("who")?.addEventListener("input", () => {
  const seen = field("seen");
  if (seen) seen.value = "?";
});

export {};
