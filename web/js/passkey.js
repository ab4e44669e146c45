/**
 * Passkeys. `<button data-passkey="sign-in" data-start="/…" data-finish="/…" data-next="/"
 * data-failed="words">`, or `data-passkey="register"`. `data-start` answers the options as the
 * WebAuthn standard writes them in JSON (`{ publicKey: … }`, bytes in base64url) and may carry an
 * `id` that goes back with the credential; `data-finish` takes `{ id, name, credential }` and may
 * answer `{ next: "/…" }`. `data-name` names the field with the device's name.
 */

/** @param {string} text */
export function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** @param {ArrayBuffer | null | undefined} buffer */
export function base64url(buffer) {
  if (!buffer) return null;
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} url @param {unknown} body */
async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const data = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(data.detail || String(answer.status));
  return data;
}

/** @param {any} options */
function decode(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const item of list ?? []) item.id = bytes(item.id);
  }
  return options;
}

/** @param {any} credential */
function encode(credential) {
  const r = credential.response;
  /** @type {Record<string, unknown>} */
  const response = { clientDataJSON: base64url(r.clientDataJSON) };
  if (r.attestationObject) {
    response.attestationObject = base64url(r.attestationObject);
    response.transports = r.getTransports?.() ?? [];
  } else {
    response.authenticatorData = base64url(r.authenticatorData);
    response.signature = base64url(r.signature);
    response.userHandle = base64url(r.userHandle);
  }
  return { id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response, extensions: credential.getClientExtensionResults() };
}

/** @param {HTMLElement} button */
async function run(button) {
  const { start = "", finish = "", next = "/", passkey, name } = button.dataset;
  const form = button.closest("form");
  const sent = form ? Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string")) : {};
  const offer = await post(start, sent);
  const publicKey = decode(offer.publicKey ?? offer.options?.publicKey ?? offer.options);
  const credential = passkey === "register"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  if (!credential) throw new Error();
  const label = name ? document.querySelector(name) : null;
  const answer = await post(finish, { ...(offer.id ? { id: offer.id } : {}), ...(label instanceof HTMLInputElement ? { name: label.value } : {}), credential: encode(credential) });
  location.assign(typeof answer.next === "string" && answer.next.startsWith("/") && !answer.next.startsWith("//") ? answer.next : next);
}

const supported = "credentials" in navigator && "PublicKeyCredential" in window;
for (const button of document.querySelectorAll("[data-passkey]")) {
  if (button instanceof HTMLElement && !supported) button.hidden = true;
}
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-passkey]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  button.disabled = true;
  const place = document.getElementById(button.dataset.error ?? "passkey-error");
  if (place) place.hidden = true;
  try {
    await run(button);
  } catch (error) {
    if (place) {
      // The browser's own words are not for people; the server's are.
      const own = error instanceof DOMException || !(error instanceof Error) || !error.message || /^\d+$/.test(error.message) || error instanceof TypeError || error instanceof SyntaxError;
      place.textContent = own ? button.dataset.failed ?? "" : error.message;
      place.hidden = false;
    }
  } finally {
    button.disabled = false;
  }
});
