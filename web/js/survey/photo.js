/** Makes a photograph small on the phone, before it is kept: a picture of 40 MB must not fill it. */

/** The longest side that is kept, in pixels; enough to read a sign on a door. */
const SIDE = 1600;

/**
 * Width and height from the head of a JPEG or PNG, so that the whole picture need not be unpacked to know them.
 * @param {Blob} file @returns {Promise<[number, number] | null>}
 */
async function measure(file) {
  const head = new DataView(await file.slice(0, 512 * 1024).arrayBuffer());
  if (head.byteLength > 24 && head.getUint32(0) === 0x89504e47) return [head.getUint32(16), head.getUint32(20)];
  if (head.byteLength < 4 || head.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < head.byteLength;) {
    if (head.getUint8(at) !== 0xff) return null;
    const marker = head.getUint8(at + 1);
    // Start of frame, all but the tables that share its numbers.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [head.getUint16(at + 7), head.getUint16(at + 5)];
    at += 2 + head.getUint16(at + 2);
  }
  return null;
}

/** @param {Blob} file @returns {Promise<ImageBitmap>} */
async function decode(file) {
  const size = await measure(file);
  if (!size) return createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(...size));
  if (scale === 1) return createImageBitmap(file);
  // One side is given and the other follows, whichever way the camera was held.
  return createImageBitmap(file, { resizeWidth: Math.max(1, Math.round(size[0] * scale)), resizeQuality: "high" });
}

/**
 * A JPEG of at most 1600 px, upright, without what the camera wrote into the file.
 * @param {Blob} file @returns {Promise<Blob>}
 * @throws when this phone cannot read the picture
 */
export async function shrink(file) {
  const picture = await decode(file);
  try {
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    canvas.width = 0;
    if (!(blob instanceof Blob)) throw new Error("no picture");
    return blob;
  } finally {
    picture.close();
  }
}
