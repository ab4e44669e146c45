/**
 * Keeps the survey form whole without a network: the pages of the form that were opened, and all they are made of.
 * The server puts `self.KEEP` before this: the version and the parts. One cache a version; a new version takes
 * over only when it has all parts and all pages, so that a phone in the field never has half a form.
 */

const worker = /** @type {SurveyWorker} */ (/** @type {unknown} */ (self));
const BEGINS = "khao-sat-";
const CACHE = BEGINS + worker.KEEP.version;
/** How long the network may take before the kept page is shown, in milliseconds. */
const PATIENCE = 4000;

worker.addEventListener("install", (event) => {
  event.waitUntil(take());
});

async function take() {
  const fresh = await caches.open(CACHE);
  await fresh.addAll(worker.KEEP.assets);
  // Pages of the version before are fetched anew; one that is gone (handed in, signed out) is not taken along.
  for (const name of await caches.keys()) {
    if (!name.startsWith(BEGINS) || name === CACHE) continue;
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      if (!ofForm(new URL(request.url))) continue;
      const answer = await fetch(request.url, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await fresh.put(request.url, answer);
    }
  }
  await worker.skipWaiting();
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(BEGINS) && name !== CACHE) await caches.delete(name);
      await worker.clients.claim();
    })(),
  );
});

/** Whether the address is a page of the form. @param {URL} url */
function ofForm(url) {
  return url.origin === worker.location.origin && url.pathname.startsWith("/dia-diem/khao-sat") && !/\.(js|webmanifest|pdf|docx)$/.test(url.pathname);
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate" && ofForm(url)) event.respondWith(page(request, url));
  else if (url.origin === worker.location.origin && url.pathname.startsWith("/assets/")) event.respondWith(part(request));
});

/** @param {Request} request */
async function part(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** The network's page, kept for later; without a network the kept one, marked as such. @param {Request} request @param {URL} url */
async function page(request, url) {
  const cache = await caches.open(CACHE);
  const key = url.origin + url.pathname;
  const kept = await cache.match(key);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  try {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
    const answer = /** @type {Response} */ (await Promise.race([asked, late]));
    if (answer.status < 500) return answer;
  } catch {
    asked.catch(() => {});
  }
  const html = (await kept.text()).replace('data-fresh="yes"', 'data-fresh="no"');
  return new Response(html, { status: 200, headers: kept.headers });
}
