/**
 * Keeps the page of a gate whole without a network: the pages of gates that were opened, and all they are made of.
 * The server puts `self.KEEP` before this: the version and the parts. A new version takes over only when it has them
 * all, so that a gate never has half a page.
 */

(() => {
  const worker = /** @type {SurveyWorker} */ (/** @type {unknown} */ (self));
  const BEGINS = "cong-";
  const CACHE = BEGINS + worker.KEEP.version;
  /** How long the network may take before the kept page is shown, in milliseconds. */
  const PATIENCE = 2500;

  worker.addEventListener("install", (event) => {
    event.waitUntil(take());
  });

  async function take() {
    const fresh = await caches.open(CACHE);
    await fresh.addAll(worker.KEEP.assets);
    for (const name of await caches.keys()) {
      if (!name.startsWith(BEGINS) || name === CACHE) continue;
      for (const request of await (await caches.open(name)).keys()) {
        if (!ofGate(new URL(request.url))) continue;
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

  /** Whether the address is the page of a gate. @param {URL} url */
  function ofGate(url) {
    return url.origin === worker.location.origin && /^\/cong\/[a-z0-9-]+\/(quet|manifest\.webmanifest)$/.test(url.pathname);
  }

  worker.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    const url = new URL(request.url);
    if (ofGate(url)) event.respondWith(page(request, url));
    else if (url.origin === worker.location.origin && url.pathname.startsWith("/assets/")) event.respondWith(part(request));
  });

  /** @param {Request} request */
  async function part(request) {
    return (await caches.match(request)) ?? fetch(request);
  }

  /** The network's page, kept for later; without a network the kept one. @param {Request} request @param {URL} url */
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
    return kept;
  }
})();
