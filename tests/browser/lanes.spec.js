// What a lane does besides letting in: asks first, takes back, looks through a camera, is overruled by a supervisor who
// signs, and is wiped.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { clean, expect, fits, startDemo, test, watch } from './demo.js';
import { badges, homeOf, said, scan } from './gates.js';

/** Someone of the office, and a way to pair a device with a role. */
async function desk(browser, demo, options) {
  const office = await (await browser.newContext(options)).newPage();
  await office.goto(demo.links.organiser);
  await office.waitForURL((url) => !url.pathname.startsWith('/vao'));
  const pair = async (gate, words) => {
    await office.goto('/cong');
    await office.locator(`#${gate} button`, { hasText: words }).first().click();
    return office.locator('.gate-code-text code').innerText();
  };
  return { office, pair };
}

async function join(page, gate, code) {
  await page.goto(`/cong/${gate}/quet`);
  await page.fill('#gate-code', code);
  await page.click('#gate-join button');
  await expect(page.locator('#gate-net')).toHaveText('Có mạng');
}

test('a gate asks first, counts when pressed, and takes back within ten seconds', async ({ browser }, info) => {
  test.setTimeout(150_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20']);
  const options = { ...info.project.use, baseURL: demo.url, reducedMotion: 'reduce' };
  try {
    const { office, pair } = await desk(browser, demo, options);
    await office.goto('/cong/cong-1/sua');
    await office.check('#confirms');
    await office.click('.form-foot button');
    await expect(office.locator('#cong-1')).toContainText('Bấm xác nhận');
    await clean(office);
    await fits(office);
    await office.screenshot({ path: `artefacts/gates-${info.project.name}.png`, fullPage: true });
    const code = await pair('cong-1', 'Ghép thiết bị quét');
    const page = await (await browser.newContext(options)).newPage();
    const wrong = watch(page, demo);
    await join(page, 'cong-1', code);
    await expect(page.locator('#gate-list')).toContainText('cập nhật 0 phút');
    const mine = badges(demo.data).filter((one) => homeOf(one) === 1);

    await office.goto('/phien/tru-bi/bang');
    await scan(page, mine[0]);
    await expect(said(page)).toHaveText('Cho vào?');
    await expect(page.locator('#gate-name')).not.toBeEmpty();
    await clean(page);
    await fits(page);
    await page.screenshot({ path: `artefacts/gate-confirm-${info.project.name}.png` });
    await expect(office.locator('.hall-present b')).toHaveText('0');
    await page.click('#gate-confirm-do');
    await expect(said(page)).toHaveText('Mời vào');
    await expect(office.locator('.hall-present b')).toHaveText('1');
    // The turnstile did not turn: one tap, from the same screen.
    await expect(page.locator('#gate-undo-left')).toContainText('giây');
    await clean(page);
    await page.screenshot({ path: `artefacts/gate-undo-${info.project.name}.png` });
    await page.getByRole('button', { name: 'Cửa không quay' }).click();
    await expect(said(page)).toHaveText('Đã hủy lượt');
    await expect(office.locator('.hall-present b')).toHaveText('0');
    // Refused in words, nothing to press.
    await scan(page, '1'.repeat(196));
    await expect(said(page)).toHaveText('Không nhận ra mã');
    await expect(page.locator('#gate-confirm')).toBeHidden();
    // Pressed no: nobody counts, the next comes.
    await scan(page, mine[1]);
    await expect(said(page)).toHaveText('Cho vào?');
    await page.click('#gate-confirm-no');
    await expect(page.locator('#gate-ready')).toBeVisible();
    await expect(office.locator('.hall-present b')).toHaveText('0');
    // After ten seconds nothing can be taken back from the screen.
    await scan(page, mine[1]);
    await page.click('#gate-confirm-do');
    await expect(page.locator('#gate-undo')).toBeVisible();
    await expect(page.locator('#gate-undo')).toBeHidden({ timeout: 15_000 });

    // Who has not come, whom to call, and how they arrive.
    await office.goto('/phien/tru-bi/chua-den');
    await expect(office.locator('svg.arrivals')).toBeVisible();
    await expect(office.locator('.missing-call a[href^="tel:"]').first()).toBeVisible();
    await clean(office);
    await fits(office);
    await office.screenshot({ path: `artefacts/missing-${info.project.name}.png`, fullPage: true });
    expect(wrong).toEqual([]);
  } finally {
    await demo.stop();
  }
});

test('a supervisor lets in without a network, signed; a device that is sent away is wiped', async ({ browser }, info) => {
  test.setTimeout(180_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20']);
  const options = { ...info.project.use, baseURL: demo.url, reducedMotion: 'reduce' };
  try {
    const { office, pair } = await desk(browser, demo, options);
    const code = await pair('cong-1', 'Ghép thiết bị giám sát');
    const tablet = await browser.newContext(options);
    const page = await tablet.newPage();
    await join(page, 'cong-1', code);
    await expect(page.locator('#gate-list')).toContainText('cập nhật 0 phút');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
    await page.reload();
    await expect(page.locator('#gate-net')).toHaveText('Có mạng');
    const other = badges(demo.data).find((one) => homeOf(one) === 2);

    await tablet.setOffline(true);
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1', { timeout: 30_000 });
    // Found by name from what the device carries: without marks, by number, by group.
    await page.click('#gate-find');
    await page.fill('#gate-q', 'to 1');
    await expect(page.locator('#gate-found li').first()).toContainText('Tổ 1');
    await page.fill('#gate-q', 'nguyen');
    await expect(page.locator('#gate-found li').first()).toContainText('Nguyễn');
    await clean(page);
    await fits(page);
    await page.screenshot({ path: `artefacts/gate-search-${info.project.name}.png` });
    await page.keyboard.press('Escape');
    // A citizen's card needs the server, and says so.
    await scan(page, '079070000001|123456789|Nguyễn Văn Mẫu|01011970|Nam|Thành phố|01012021');
    await expect(said(page)).toHaveText('Thẻ căn cước cần mạng');
    // A badge of another lane: refused, and let in by a word.
    await scan(page, other);
    await expect(said(page)).toHaveText('Mời sang làn 2');
    await page.fill('#gate-why', 'Làn 2 đã đóng, đã so giấy tờ');
    await page.click('#gate-override button');
    await expect(said(page)).toHaveText('Mời vào', { timeout: 20_000 });
    await expect(page.locator('#gate-queue')).toHaveText('1 lượt chờ gửi');
    await tablet.setOffline(false);
    await expect(page.locator('#gate-queue')).toBeHidden({ timeout: 20_000 });
    await office.goto('/phien/tru-bi/mau-thuan');
    await expect(office.getByText('Làn 2 đã đóng, đã so giấy tờ')).toBeVisible();
    await expect(office.getByText('Đã ký', { exact: true })).toBeVisible({ timeout: 20_000 });
    await clean(office);
    await fits(office);
    await office.screenshot({ path: `artefacts/let-in-${info.project.name}.png`, fullPage: true });

    // Sent away: what it carried is gone, and it says so.
    await office.goto('/cong');
    const device = office.locator('#cong-1 tbody tr').first();
    await device.locator('summary').click();
    await device.getByRole('button', { name: 'Thu hồi thiết bị' }).click();
    await expect(page.locator('#gate-join-error')).toContainText('Đã xóa danh sách', { timeout: 20_000 });
    await clean(page);
    await page.screenshot({ path: `artefacts/gate-wiped-${info.project.name}.png` });
    const left = await page.evaluate(() => new Promise((resolve, reject) => {
      const request = indexedDB.open('cong');
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const stores = [...request.result.objectStoreNames];
        const tx = request.result.transaction(stores);
        const counts = {};
        for (const name of stores) tx.objectStore(name).count().onsuccess = (event) => { counts[name] = event.target.result; };
        tx.oncomplete = () => resolve(counts);
      };
    }));
    // Only the clock and the like that every answer writes may have come back; nothing of a person, no key, no token.
    expect({ lists: left.lists, photos: left.photos, inside: left.inside, queue: left.queue, words: left.words }).toEqual({ lists: 0, photos: 0, inside: 0, queue: 0, words: 0 });
    const notes = await page.evaluate(() => new Promise((resolve) => {
      indexedDB.open('cong').onsuccess = (event) => {
        event.target.result.transaction('meta').objectStore('meta').getAllKeys().onsuccess = (keys) => resolve(keys.target.result);
      };
    }));
    expect(notes.filter((name) => /^token|^key$/.test(name))).toEqual([]);
  } finally {
    await demo.stop();
  }
});

/** A film of a code, as a camera would see it. */
async function film(text, file) {
  const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../web');
  const require = createRequire(path.join(web, 'package.json'));
  const { prepareZXingModule, writeBarcode } = await import(require.resolve('zxing-wasm/writer').replace('/cjs/', '/es/'));
  const wasm = readFileSync(path.join(web, 'node_modules/zxing-wasm/dist/writer/zxing_writer.wasm'));
  await prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) }, fireImmediately: true });
  const { symbol, error } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'M', scale: 1 });
  if (error) throw new Error(error);
  const [wide, high] = [640, 480];
  const zoom = Math.floor((high - 80) / symbol.height);
  const [left, top] = [Math.floor((wide - symbol.width * zoom) / 2), Math.floor((high - symbol.height * zoom) / 2)];
  const light = Buffer.alloc(wide * high, 235);
  for (let y = 0; y < symbol.height * zoom; y += 1) {
    for (let x = 0; x < symbol.width * zoom; x += 1) {
      const dark = symbol.data[Math.floor(y / zoom) * symbol.width + Math.floor(x / zoom)] === 0;
      if (dark) light[(top + y) * wide + left + x] = 16;
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc((wide * high) / 2, 128)]);
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${wide} H${high} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame]));
}

test('a badge held before the camera is read, and a supervisor’s word carries the picture', async ({ browser }, info) => {
  test.setTimeout(150_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20']);
  const folder = mkdtempSync(path.join(tmpdir(), 'film-'));
  const options = { ...info.project.use, baseURL: demo.url, reducedMotion: 'reduce' };
  let eyes;
  try {
    const { office, pair } = await desk(browser, demo, options);
    const badge = badges(demo.data).find((one) => homeOf(one) === 1);
    await film(badge, path.join(folder, 'badge.y4m'));
    const launch = info.project.use.launchOptions ?? {};
    eyes = await chromium.launch({
      ...launch,
      args: [...(launch.args ?? []), '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path.join(folder, 'badge.y4m')}`],
    });
    const tablet = await eyes.newContext({ ...options, permissions: ['camera'] });
    const page = await tablet.newPage();
    await join(page, 'cong-1', await pair('cong-1', 'Ghép thiết bị giám sát'));
    await expect(page.locator('#gate-list')).toContainText('cập nhật 0 phút');
    await page.click('#gate-camera');
    await expect(said(page)).toHaveText('Mời vào', { timeout: 20_000 });
    await expect(page.locator('#gate-name')).not.toBeEmpty();
    await page.screenshot({ path: `artefacts/gate-camera-${info.project.name}.png` });
    await expect(office.locator('body')).toBeVisible();
    await office.goto('/phien/tru-bi/bang');
    await expect(office.locator('.hall-present b')).toHaveText('1');
    await page.click('#gate-camera');

    // Cut off, another lane's badge, and a word with what the camera sees.
    await tablet.setOffline(true);
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1', { timeout: 30_000 });
    await scan(page, badges(demo.data).find((one) => homeOf(one) === 3));
    await expect(said(page)).toHaveText('Mời sang làn 3');
    await page.fill('#gate-why', 'Đã gọi làn 3');
    await page.click('#gate-override button');
    await expect(said(page)).toHaveText('Mời vào', { timeout: 20_000 });
    await tablet.setOffline(false);
    await office.goto('/phien/tru-bi/mau-thuan');
    const shot = office.locator('img[src*="/giam-sat/"]');
    await expect(shot).toBeVisible({ timeout: 30_000 });
    expect(await shot.evaluate((image) => /** @type {HTMLImageElement} */ (image).naturalWidth)).toBeGreaterThan(100);
    await office.screenshot({ path: `artefacts/word-${info.project.name}.png`, fullPage: true });
  } finally {
    await eyes?.close();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
