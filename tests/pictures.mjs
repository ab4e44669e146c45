// Takes the pictures of the README from a fresh demo: node tests/pictures.mjs
import { mkdirSync, statSync } from 'node:fs';
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
  for (const { name, role, path: where, from, ...screen } of PICTURES) {
    const context = await browser.newContext({ ...screen, storageState: states.get(role), baseURL: demo.url, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce' });
    const page = await context.newPage();
    if (!states.has(role)) {
      await page.goto(demo.links[role]);
      await page.waitForURL((url) => !url.pathname.startsWith('/vao'));
      states.set(role, await context.storageState());
    }
    await page.goto(where);
    await page.evaluate(() => document.fonts.ready);
    if (from) await page.locator(from).evaluate((part) => scrollTo(0, part.getBoundingClientRect().top + scrollY - 8));
    await page.waitForTimeout(300);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    console.log(`${name}.png ${Math.round(statSync(file).size / 1024)} kB`);
    await context.close();
  }
} finally {
  await browser.close();
  await demo.stop();
}
