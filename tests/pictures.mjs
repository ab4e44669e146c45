// Takes the pictures of the README from a fresh demo: node tests/pictures.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { startDemo } from './browser/demo.js';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../docs/pictures');
const desk = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };

/** Who looks at what, on which screen. */
const PICTURES = [
  { name: 'board', role: 'organiser', path: '/nhiem-vu/bang', ...desk, viewport: { width: 1440, height: 900 } },
  { name: 'task', role: 'organiser', path: '/nhiem-vu/DB-01', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'gantt', role: 'organiser', path: '/nhiem-vu/tien-do-gantt', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'wall', role: 'leader', path: '/bang-tuong', viewport: { width: 1600, height: 900 }, colorScheme: 'dark' },
  { name: 'briefing', role: 'secretary', path: '/giao-ban', follow: '.meet-next h2 a', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'venues', role: 'organiser', path: '/dia-diem/so-sanh', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'list-phone', role: 'focal officer', path: '/nhiem-vu', viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, deviceScaleFactor: 2, from: '.tally-open' },
];

mkdirSync(folder, { recursive: true });
const demo = await startDemo();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const states = new Map();
try {
  for (const { name, role, path: where, follow, from, ...screen } of PICTURES) {
    const context = await browser.newContext({ ...screen, storageState: states.get(role), baseURL: demo.url, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce' });
    const page = await context.newPage();
    if (!states.has(role)) {
      await page.goto(demo.links[role]);
      await page.waitForURL((url) => !url.pathname.startsWith('/vao'));
      states.set(role, await context.storageState());
    }
    await page.goto(where);
    if (follow) await page.goto(await page.locator(follow).getAttribute('href'));
    await page.evaluate(() => document.fonts.ready);
    if (from) await page.locator(from).evaluate((part) => scrollTo(0, part.getBoundingClientRect().top + scrollY - 8));
    await page.waitForTimeout(300);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    console.log(`${name}.png ${Math.round(statSync(file).size / 1024)} kB`);
    await context.close();
  }

  // The first page of the notice that the demo has issued, as it comes out of the printer.
  const context = await browser.newContext({ storageState: states.get('secretary'), baseURL: demo.url });
  const page = await context.newPage();
  await page.goto('/giao-ban');
  const notice = await page.locator('tbody a[href$="/van-ban/thong-bao"]').first().getAttribute('href');
  const answer = await page.request.get(`${notice}.pdf`);
  if (!answer.ok()) throw new Error(`the notice: ${answer.status()}`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'dienhong-notice-'));
  writeFileSync(path.join(scratch, 'notice.pdf'), await answer.body());
  execFileSync('pdftoppm', ['-png', '-r', '90', '-f', '1', '-l', '1', '-singlefile', path.join(scratch, 'notice.pdf'), path.join(scratch, 'notice')]);
  writeFileSync(path.join(folder, 'notice.png'), readFileSync(path.join(scratch, 'notice.png')));
  rmSync(scratch, { recursive: true });
  console.log(`notice.png ${Math.round(statSync(path.join(folder, 'notice.png')).size / 1024)} kB`);
  await context.close();
} finally {
  await browser.close();
  await demo.stop();
}
