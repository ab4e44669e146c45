// The tablet of a gate dies with 300 scans waiting: its browser is killed, opened again with still no network, and
// hands in every one of them when the network is back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { expect, startDemo, test } from './demo.js';
import { badges, scanFast } from './gates.js';

const WAITING = 300;

test('300 scans that wait are there when the tablet starts again', async ({ browser }, info) => {
  test.skip(info.project.name === 'phone', 'one tablet is enough');
  test.setTimeout(240_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20']);
  const profile = mkdtempSync(path.join(tmpdir(), 'dienhong-tablet-'));
  const start = () => chromium.launchPersistentContext(profile, {
    ...info.project.use.launchOptions,
    viewport: { width: 800, height: 1100 }, baseURL: demo.url, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce',
  });
  let tablet = null;
  try {
    // One lane is open, so that it is home to every badge.
    const token = await demo.token('to-thu-ky', ['attendance:manage']);
    const api = async (method, where, body) => {
      const answer = await fetch(`${demo.url}/api/v1${where}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
      expect(answer.ok, `${where}: ${answer.status}`).toBe(true);
      return answer.json();
    };
    for (const { slug, sessions, is_open: open, ...gate } of await api('GET', '/gates')) {
      if (slug !== 'cong-1' && open) await api('PUT', `/gates/${slug}`, { ...gate, open: false });
    }
    const office = await (await browser.newContext({ baseURL: demo.url, locale: 'vi-VN' })).newPage();
    await office.goto(demo.links.organiser);
    await office.waitForURL((url) => !url.pathname.startsWith('/vao'));
    await office.goto('/cong');
    await office.locator('#cong-1 button', { hasText: 'Ghép thiết bị quét' }).click();
    const code = await office.locator('.gate-code-text code').innerText();

    tablet = await start();
    let page = await tablet.newPage();
    await page.goto('/cong/cong-1/quet');
    await page.fill('#gate-code', code);
    await page.click('#gate-join button');
    await expect(page.locator('#gate-net')).toHaveText('Có mạng');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
    await page.reload();
    await expect(page.locator('#gate-net')).toHaveText('Có mạng');

    await tablet.setOffline(true);
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1', { timeout: 30_000 });
    const all = badges(demo.data).slice(0, WAITING);
    expect(all).toHaveLength(WAITING);
    for (const [at, one] of all.entries()) {
      await scanFast(page, one);
      await expect(page.locator('#gate-queue')).toHaveText(`${at + 1} lượt chờ gửi`);
    }

    // Dead, in the middle of everything.
    const ended = new Promise((resolve) => tablet.on('close', resolve));
    process.kill(Number(await pid(profile)), 'SIGKILL');
    await ended;

    tablet = await start();
    await tablet.setOffline(true);
    page = await tablet.newPage();
    await page.goto('/cong/cong-1/quet');
    await expect(page.locator('#gate-queue')).toHaveText(`${WAITING} lượt chờ gửi`);
    await page.screenshot({ path: 'artefacts/gate-after-battery.png' });
    // Whoever was let in before is known to be inside.
    await expect(page.locator('#gate-net')).toContainText('chỉ nhận thẻ của làn 1', { timeout: 30_000 });
    await scanFast(page, all[0]);
    await expect(page.locator('#gate-verdict b')).toHaveText('Đã vào');

    await tablet.setOffline(false);
    await expect(page.locator('#gate-net')).toHaveText('Có mạng', { timeout: 30_000 });
    await expect(page.locator('#gate-queue')).toBeHidden({ timeout: 30_000 });
    const counted = await api('GET', '/congress-sessions/tru-bi/attendance');
    const conflicts = await api('GET', '/congress-sessions/tru-bi/conflicts');
    expect(conflicts).toEqual([]);
    expect(counted.all.present).toBe(WAITING);
  } finally {
    await tablet?.close().catch(() => {});
    await demo.stop();
    rmSync(profile, { recursive: true, force: true });
  }
});

/** The process of the browser that has this profile open. */
async function pid(profile) {
  const { readdirSync, readFileSync } = await import('node:fs');
  for (const one of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let line = '';
    try {
      line = readFileSync(`/proc/${one}/cmdline`, 'utf8');
    } catch {
      continue;
    }
    if (line.includes(`--user-data-dir=${profile}`) && !line.includes('--type=')) return one;
  }
  throw new Error('the browser of the tablet is not there');
}
