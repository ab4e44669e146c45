// Takes the pictures of the README from a fresh demo: node tests/pictures.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { startDemo } from './browser/demo.js';
import { badges, scanFast } from './browser/gates.js';

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
  { name: 'roll', role: 'organiser', path: '/dai-bieu', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'roll-call', role: 'organiser', path: '/phien/tap-huan/diem-danh', ...desk, viewport: { width: 1280, height: 1000 } },
  { name: 'seating', role: 'organiser', path: '/cho-ngoi/chinh-thuc-1', ...desk, viewport: { width: 1440, height: 1200 } },
  { name: 'list-phone', role: 'focal officer', path: '/nhiem-vu', viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, deviceScaleFactor: 2, from: '.tally-open' },
];

mkdirSync(folder, { recursive: true });
const demo = await startDemo();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const states = new Map();

/** Keeps a picture. */
function shot(bytes, name) {
  writeFileSync(path.join(folder, `${name}.png`), bytes);
  console.log(`${name}.png ${Math.round(bytes.length / 1024)} kB`);
}

/** Keeps the first page of a PDF. */
function paper(name, bytes) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dienhong-paper-'));
  writeFileSync(path.join(scratch, 'paper.pdf'), bytes);
  execFileSync('pdftoppm', ['-png', '-r', '90', '-f', '1', '-l', '1', '-singlefile', path.join(scratch, 'paper.pdf'), path.join(scratch, 'paper')]);
  shot(readFileSync(path.join(scratch, 'paper.png')), name);
  rmSync(scratch, { recursive: true });
}

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

  const seat = async (role) => (await browser.newContext({ ...desk, storageState: states.get(role), baseURL: demo.url, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' })).newPage();
  const [secretary, organiser, leader] = [await seat('secretary'), await seat('organiser'), await seat('leader')];

  // The first page of the notice that the demo has issued, as it comes out of the printer.
  await secretary.goto('/giao-ban');
  const notice = await secretary.locator('tbody a[href$="/van-ban/thong-bao"]').first().getAttribute('href');
  const answer = await secretary.request.get(`${notice}.pdf`);
  if (!answer.ok()) throw new Error(`the notice: ${answer.status()}`);
  paper('notice', await answer.body());

  // A letter to one person.
  await organiser.goto('/dai-bieu/KM-0001');
  const letter = await organiser.evaluate(async () => {
    const sent = await fetch(`${location.pathname}/thu`, { method: 'POST', body: new URLSearchParams({ as: 'pdf' }) });
    if (!sent.ok) throw new Error(`the letter: ${sent.status}`);
    return [...new Uint8Array(await sent.arrayBuffer())];
  });
  paper('letter', Buffer.from(letter));

  // Badges: asked for, approved by the other office, printed.
  await organiser.goto('/the');
  await organiser.getByRole('button', { name: 'Đề nghị cấp cho người chưa có' }).click();
  await organiser.getByRole('status').first().waitFor();
  await leader.goto('/the?tt=de_nghi');
  for (let at = 0; at < 4; at += 1) await leader.locator('[name=person]').nth(at).check();
  await leader.getByRole('button', { name: 'Duyệt thẻ đã chọn' }).click();
  await leader.getByRole('status').first().waitFor();
  await organiser.goto('/the?tt=da_duyet');
  for (const box of await organiser.locator('[name=person]').all()) await box.check();
  await organiser.getByRole('button', { name: 'In thẻ đã chọn' }).click();
  const sheet = organiser.getByRole('link', { name: 'Mở kết quả' });
  await sheet.waitFor({ timeout: 120_000 });
  paper('badges', await (await organiser.request.get(await sheet.getAttribute('href'))).body());

  // The report on credentials, from the freeze by two persons.
  await organiser.goto('/tham-tra');
  await organiser.getByRole('button', { name: 'Đề nghị chốt danh sách' }).click();
  await organiser.locator('.notice.tone-blue').waitFor();
  await leader.goto('/phe-duyet');
  await leader.getByRole('button', { name: 'Phê duyệt', exact: true }).click();
  await leader.locator('#confirm button[value=yes]').click();
  await organiser.getByRole('button', { name: 'Chốt danh sách', exact: true }).click();
  await organiser.locator('.cred-freezes').waitFor();
  await organiser.getByLabel('Phiên').selectOption('tap-huan');
  await organiser.getByRole('button', { name: 'Tính số liệu' }).click();
  await organiser.locator('.cred-present').waitFor();
  shot(await organiser.screenshot(), 'figures');
  await organiser.getByRole('button', { name: 'Ban hành báo cáo' }).click();
  const report = await organiser.locator('a[href$=".pdf"]').getAttribute('href');
  paper('report', await (await organiser.request.get(report)).body());

  // The morning of the opening: a gate that has just let somebody in, and the board that everybody watches.
  const morning = await startDemo(['--on', '2025-10-13T07:20']);
  try {
    const options = { baseURL: morning.url, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce', colorScheme: 'light' };
    const office = await (await browser.newContext({ ...options, viewport: { width: 1600, height: 900 } })).newPage();
    await office.goto(morning.links.organiser);
    await office.waitForURL((url) => !url.pathname.startsWith('/vao'));
    await office.goto('/cong');
    await office.locator('#cong-1 button', { hasText: 'Ghép thiết bị quét' }).click();
    const code = await office.locator('.gate-code-text code').innerText();
    const gate = await (await browser.newContext({ ...options, viewport: { width: 390, height: 844 }, hasTouch: true, deviceScaleFactor: 2 })).newPage();
    await gate.goto('/cong/cong-1/quet');
    await gate.fill('#gate-code', code);
    await gate.click('#gate-join button');
    await gate.locator('#gate-net', { hasText: 'Có mạng' }).waitFor();
    for (const badge of badges(morning.data).slice(0, 240)) {
      await scanFast(gate, badge);
      await gate.waitForTimeout(60);
    }
    await gate.locator('#gate-verdict b', { hasText: 'Mời vào' }).waitFor();
    shot(await gate.screenshot(), 'gate');
    await office.goto('/phien/tru-bi/bang');
    await office.waitForTimeout(1000);
    shot(await office.screenshot(), 'hall');
  } finally {
    await morning.stop();
  }
} finally {
  await browser.close();
  await demo.stop();
}
