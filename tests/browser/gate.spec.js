// A gate from its pairing to a day without a network: a scanner that types, cut off, reloaded, back again, merged.
import { readFileSync } from 'node:fs';
import { clean, expect, fits, startDemo, test, watch } from './demo.js';
import { badges, homeOf, said, scan } from './gates.js';
import { decide, homeLane } from '../../web/js/gate/rule.js';
import { digits } from '../../web/js/gate/open.js';

const table = JSON.parse(readFileSync(new URL('../../crates/rules/tests/gate.json', import.meta.url)).toString());

test('the gate in the browser decides as the server does', async () => {
  for (const { name, way, facts, lane, overridden, said } of table.verdicts) {
    expect(decide(way, facts, lane, overridden ?? false), name).toEqual(said);
  }
  for (const { pass, lanes, home } of table.homes) expect(homeLane(pass, lanes), pass).toBe(home);
  expect(digits(' 123\r\n')).toBe('123');
  expect(digits('https://dh.example/b/123')).toBe('123');
  for (const no of ['', '12a', 'https://dh.example/c/123', 'ftp://x/b/1']) expect(digits(no), no).toBeNull();
});

test('a day at a gate: paired, online, cut off, reloaded, merged', async ({ browser }, info) => {
  test.setTimeout(180_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20']);
  const options = { ...info.project.use, baseURL: demo.url, reducedMotion: 'reduce' };
  try {
    const office = await (await browser.newContext(options)).newPage();
    const wrongAtDesk = watch(office, demo);
    await office.goto(demo.links.organiser);
    await office.waitForURL((url) => !url.pathname.startsWith('/vao'));
    await office.goto('/cong');
    await clean(office);
    await fits(office);
    await office.locator('#cong-1 button', { hasText: 'Ghép thiết bị quét' }).click();
    const code = await office.locator('.gate-code-text code').innerText();
    await clean(office);

    // The tablet knows nothing but the address and the code.
    const tablet = await browser.newContext(options);
    const page = await tablet.newPage();
    const wrong = watch(page, demo);
    await page.goto('/cong/cong-1/quet');
    await expect(page.locator('#gate-join')).toBeVisible();
    await clean(page);
    await page.fill('#gate-code', code.toLowerCase());
    await page.click('#gate-join button');
    await expect(page.locator('#gate-net')).toHaveText('Có mạng');
    await expect(page.locator('#gate-where')).toContainText('Cửa chính, bên trái · Làn 1');
    await expect(page.locator('#gate-list')).toContainText('cập nhật 0 phút');
    await clean(page);
    await fits(page);

    const all = badges(demo.data);
    expect(all.length).toBeGreaterThan(50);
    const mine = all.filter((one) => homeOf(one) === 1);
    const other = all.find((one) => homeOf(one) === 2);

    await scan(page, mine[0]);
    await expect(said(page)).toHaveText('Mời vào');
    await expect(page.locator('#gate-name')).not.toBeEmpty();
    await expect(page.locator('#gate-group')).toContainText('Đại biểu');
    await clean(page);
    await page.screenshot({ path: `artefacts/gate-${info.project.name}.png` });
    await scan(page, mine[0]);
    await expect(said(page)).toHaveText('Đã vào');
    // Typed into a field with the focus, it is a scan all the same, and the field stays as it was.
    await page.click('#gate-find');
    await page.fill('#gate-q', 'ng');
    await expect(page.locator('#gate-found li').first()).toBeVisible();
    await scan(page, '1'.repeat(196));
    await expect(said(page)).toHaveText('Không nhận ra mã');
    await expect(page.locator('#gate-q')).toHaveValue('ng');

    // The wall of the session, seen elsewhere, has counted.
    await office.goto('/phien/tru-bi/bang');
    await expect(office.locator('.hall-present b')).toHaveText('1');
    await clean(office);

    // Kept whole on the tablet, then cut off.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
    await page.reload();
    await expect(page.locator('#gate-net')).toHaveText('Có mạng');
    wrong.length = 0;
    await tablet.setOffline(true);
    await scan(page, mine[1]);
    await expect(said(page)).toHaveText('Chờ mạng');
    // When the server must have noticed, the gate decides, and the screen changes by itself.
    await expect(said(page)).toHaveText('Mời vào', { timeout: 20_000 });
    await expect(page.locator('#gate-name')).not.toBeEmpty();
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1');
    await scan(page, other);
    await expect(said(page)).toHaveText('Mời sang làn 2');
    await scan(page, mine[0]);
    await expect(said(page)).toHaveText('Đã vào');
    await expect(page.locator('#gate-queue')).toHaveText('1 lượt chờ gửi');
    await page.reload();
    await expect(page.locator('#gate-queue')).toHaveText('1 lượt chờ gửi');
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1', { timeout: 20_000 });
    await scan(page, mine[1]);
    await expect(said(page)).toHaveText('Đã vào');
    await scan(page, mine[2]);
    await expect(said(page)).toHaveText('Mời vào');
    await page.screenshot({ path: `artefacts/gate-alone-${info.project.name}.png` });
    await expect(page.locator('#gate-queue')).toHaveText('2 lượt chờ gửi');

    // Back: one request, and the wall shows them.
    await tablet.setOffline(false);
    await expect(page.locator('#gate-net')).toHaveText('Có mạng', { timeout: 20_000 });
    await expect(page.locator('#gate-queue')).toBeHidden({ timeout: 20_000 });
    await expect(office.locator('.hall-present b')).toHaveText('3');
    await office.screenshot({ path: `artefacts/gate-wall-${info.project.name}.png` });
    await office.goto('/phien/tru-bi/mau-thuan');
    await expect(office.getByText('Không có mâu thuẫn')).toBeVisible();
    await clean(office);
    await fits(office);

    // Without a network the console says so; nothing else is wrong.
    expect(wrong.filter((line) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(line))).toEqual([]);
    expect(wrongAtDesk).toEqual([]);
    // Nothing that names anybody stays on a steward's tablet.
    const kept = await page.evaluate(() => new Promise((resolve, reject) => {
      const request = indexedDB.open('cong');
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const get = request.result.transaction('lists').objectStore('lists').getAll();
        get.onsuccess = () => resolve(get.result.map((bytes) => new TextDecoder().decode(bytes)).join(' '));
      };
    }));
    expect(kept).toContain('DHS1');
    expect(kept).not.toMatch(/DB-0\d{3}/);
  } finally {
    await demo.stop();
  }
});
