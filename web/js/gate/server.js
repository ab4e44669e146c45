/** Speaks to the server as this device: by its token and nothing else. */

/** The server cannot be reached, or does not answer in time. */
export class Offline extends Error {}
/** The server said no. */
export class Refused extends Error {
  /** @param {number} status @param {string} text @param {string} slug what it is, at the end of its address */
  constructor(status, text, slug) {
    super(text);
    this.status = status;
    this.slug = slug;
  }
}

/**
 * @param {string} path
 * @param {{ token?: string, body?: unknown, patience?: number }} options patience in milliseconds
 * @returns {Promise<Response>}
 */
export async function ask(path, { token, body, patience = 3000 } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json, application/octet-stream" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      body: body === undefined ? undefined : JSON.stringify(body),
      headers,
      // No cookie of somebody who is signed in beside: the device is itself.
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    throw new Offline(String(error));
  }
  if (answer.ok) return answer;
  // A server that is overloaded or starting again decides nothing: as if there were no network.
  if (answer.status >= 500 || answer.status === 429) throw new Offline(String(answer.status));
  const said = await answer.json().catch(() => ({}));
  const slug = typeof said.type === "string" ? said.type.replace(/^.*\//, "") : "";
  throw new Refused(answer.status, typeof said.detail === "string" ? said.detail : "", slug);
}
