/**
 * A supervisor's word: signed with a key that never leaves this device, with the picture of the moment where a camera
 * can take one. The other half is `crates/areas/people/src/gates/witness.rs`.
 */

/** A word as the server takes it. @typedef {{ seq: number, statement: string, signature: string, picture?: string }} Word */

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const LABEL = "dienhong word\n";
/** The longest side of the picture, in pixels. */
const SIDE = 960;

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A key of this device; nobody can read its private half, not even this page. @returns {Promise<{ key: CryptoKey, public_key: string }>} */
export async function makeKey() {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  return { key: pair.privateKey, public_key: base64(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/**
 * The picture of the moment; null when there is no camera or it may not be used. A word without a picture still counts.
 * @param {HTMLVideoElement} video the camera that looks at badges, when it is on
 * @returns {Promise<Blob | null>}
 */
export async function picture(video) {
  /** @type {MediaStream | null} */
  let own = null;
  try {
    let source = video;
    if (!video.srcObject || video.videoWidth === 0) {
      own = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      source = document.createElement("video");
      source.muted = true;
      source.playsInline = true;
      source.srcObject = own;
      await source.play();
    }
    const scale = Math.min(1, SIDE / Math.max(source.videoWidth, source.videoHeight, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(source.videoWidth * scale);
    canvas.height = Math.round(source.videoHeight * scale);
    if (canvas.width === 0) return null;
    canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  } catch {
    return null;
  } finally {
    for (const track of own?.getTracks() ?? []) track.stop();
  }
}

/**
 * Signs what a supervisor decided.
 * @param {CryptoKey} key
 * @param {{ device: string, seq: number, at: string, reason: string }} said
 * @param {Blob | null} shot
 * @returns {Promise<Word>}
 */
export async function sign(key, said, shot) {
  const bytes = shot ? await shot.arrayBuffer() : null;
  const hash = bytes ? Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("") : null;
  const statement = JSON.stringify({ ...said, picture: hash });
  const signature = base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, new TextEncoder().encode(LABEL + statement)));
  return { seq: said.seq, statement, signature, ...(bytes ? { picture: base64(bytes) } : {}) };
}
