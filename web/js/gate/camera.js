/** The camera: looks for codes a few times a second with zxing, in WebAssembly of this server. */

import { prepareZXingModule, readBarcodes } from "../../vendor/zxing/reader/index.js";

/** Looks a second. */
const RATE = 10;
/** The longest side that is looked at, in pixels: a badge fills a third of it. */
const SIDE = 960;
/** How long the same code is not told again, in milliseconds: a badge stays in the picture. */
const AGAIN = 3000;

/**
 * @param {HTMLVideoElement} video
 * @param {string} wasm
 * @param {(text: string) => void} scanned
 */
export function camera(video, wasm, scanned) {
  /** @type {MediaStream | null} */
  let stream = null;
  let timer = 0;
  let last = "";
  let at = 0;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });

  async function look() {
    if (!stream) return;
    const began = performance.now();
    if (pen && video.videoWidth > 0 && document.visibilityState === "visible") {
      const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), { formats: ["QRCode"], maxNumberOfSymbols: 1 }).catch(() => []);
      const text = found[0]?.text ?? "";
      if (text !== "" && (text !== last || performance.now() - at > AGAIN)) {
        [last, at] = [text, performance.now()];
        scanned(text);
      } else if (text !== "") {
        at = performance.now();
      }
    }
    timer = window.setTimeout(() => void look(), Math.max(0, 1000 / RATE - (performance.now() - began)));
  }

  return {
    /** Whether it looks. */
    get on() {
      return stream !== null;
    },
    /** Opens the camera that looks away from the screen. @throws when it may not or cannot */
    async start() {
      prepareZXingModule({ overrides: { locateFile: () => wasm } });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      void look();
    },
    stop() {
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = null;
      video.srcObject = null;
      video.hidden = true;
    },
  };
}
