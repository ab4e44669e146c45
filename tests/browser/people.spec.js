// From the file with the list to the printed badge and the signed report: organiser at a desk, leader on a telephone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, expect, clean, fits, run, watch } from './demo.js';
import { open, pack } from './xlsx.js';

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** The text of a PDF that the page offers. */
async function pdf(page, href, info, name) {
  const answer = await page.request.get(href);
  expect(answer.status(), href).toBe(200);
  const file = info.outputPath(name);
  writeFileSync(file, await answer.body());
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** Looks at a page as a person and as axe do. */
async function seen(page, info, name) {
  await fits(page);
  await clean(page);
  await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
}

test('twenty people arrive in a workbook and have badges on a sheet an hour later', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'desk', 'organiser at a desk and leader on a telephone, in one run');
  test.setTimeout(240_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'dienhong-roll-'));
  const workbook = path.join(folder, 'danh-sach.xlsx');
  const made = await run('generate', 'delegates', '--count', '0', '--others', '20', '--seed', '77', '--open', '--out', workbook);
  expect(made.code, made.err).toBe(0);
  // New people: codes that nobody of the demo has.
  const parts = open(readFileSync(workbook));
  for (const [name, bytes] of parts) {
    if (!name.endsWith('.xml')) continue;
    parts.set(name, Buffer.from(bytes.toString('utf8').replace(/>([A-Z]{2})-0(\d{3})</g, '>$1-9$2<')));
  }
  writeFileSync(workbook, pack(parts));
  const organiser = await seats('organiser', DESK);
  const leader = await seats('leader', PHONE);
  const wrong = [watch(organiser, demo), watch(leader, demo)];

  // The file is looked at before anything is written.
  await organiser.goto('/dai-bieu/nhap');
  await seen(organiser, info, 'import');
  await organiser.locator('#tep').setInputFiles(workbook);
  await organiser.getByRole('button', { name: 'Xem trước' }).click();
  await expect(organiser.locator('h1')).toHaveText('Nội dung sẽ nhập');
  await expect(organiser.locator('.figures')).toContainText('20');
  await seen(organiser, info, 'preview');
  await organiser.getByRole('button', { name: 'Nhập', exact: true }).click();
  await expect(organiser.locator('h1')).toHaveText('Đã nhập danh sách');
  rmSync(folder, { recursive: true });

  await organiser.goto('/dai-bieu');
  await expect(organiser.locator('.count')).toContainText(/1\.020|1020/);

  // Badges: asked for by one office, approved by another, printed in the background.
  await organiser.goto('/the');
  await organiser.getByRole('button', { name: 'Đề nghị cấp cho người chưa có' }).click();
  await expect(organiser.getByRole('status').first()).toBeVisible();
  await leader.goto('/the?tt=de_nghi');
  await expect(leader.locator('[data-rows] tbody tr').first()).toBeVisible();
  await seen(leader, info, 'badges-phone');
  await leader.locator('[name=person]').first().check();
  await leader.locator('[name=person]').nth(1).check();
  await leader.getByRole('button', { name: 'Duyệt thẻ đã chọn' }).click();
  await expect(leader.getByRole('status').first()).toBeVisible();

  await organiser.goto('/the?tt=da_duyet');
  await expect(organiser.locator('[data-rows] tbody tr')).toHaveCount(2);
  await seen(organiser, info, 'badges');
  for (const box of await organiser.locator('[name=person]').all()) await box.check();
  await organiser.getByRole('button', { name: 'In thẻ đã chọn' }).click();
  const result = organiser.getByRole('link', { name: 'Mở kết quả' });
  await expect(result).toBeVisible({ timeout: 120_000 });
  const text = await pdf(organiser, await result.getAttribute('href'), info, 'badges.pdf');
  expect(text).toMatch(/[A-Z]{2}-\d{4}/);
  expect(wrong.flat(), 'console and network').toEqual([]);
});

test('two people freeze the roll; the report is counted, issued, printed and decided about', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'desk', 'organiser at a desk and leader on a telephone, in one run');
  test.setTimeout(240_000);
  const organiser = await seats('organiser', DESK);
  const leader = await seats('leader', PHONE);
  const wrong = [watch(organiser, demo), watch(leader, demo)];
  await organiser.goto('/tham-tra');
  await expect(organiser.locator('.cred-sum')).toContainText('547');
  await seen(organiser, info, 'desk-before');
  await organiser.getByRole('button', { name: 'Đề nghị chốt danh sách' }).click();
  await expect(organiser.locator('.notice.tone-blue')).toContainText('Chờ người thứ hai duyệt');

  await leader.goto('/phe-duyet');
  await expect(leader.locator('main')).toContainText('Đại biểu triệu tập');
  await seen(leader, info, 'approval-phone');
  await leader.getByRole('button', { name: 'Phê duyệt', exact: true }).click();
  await leader.locator('#confirm button[value=yes]').click();

  // The desk follows without a touch.
  const complete = organiser.getByRole('button', { name: 'Chốt danh sách', exact: true });
  await expect(complete).toBeVisible();
  await complete.click();
  await expect(organiser.locator('.cred-freezes')).toContainText('547 đại biểu được triệu tập');

  await organiser.getByLabel('Phiên').selectOption({ label: 'Tập huấn sử dụng ứng dụng Đại hội' });
  await organiser.getByRole('button', { name: 'Tính số liệu' }).click();
  await expect(organiser.locator('.cred-present')).toContainText('541/547');
  await expect(organiser.locator('.cred-present')).toContainText('98,90%');
  await seen(organiser, info, 'figures');
  const number = organiser.locator('.cred-division a').first();
  const count = Number((await number.textContent()).replace('.', ''));
  await organiser.goto(await number.getAttribute('href'));
  await expect(organiser.locator('.count')).toContainText(`${count} trong`);
  await seen(organiser, info, 'list-behind');
  await organiser.goBack();
  await organiser.getByRole('button', { name: 'Ban hành báo cáo' }).click();
  await expect(organiser.locator('.hash').first()).toContainText(/[0-9a-f]{64}/);
  await seen(organiser, info, 'report');
  const text = await pdf(organiser, await organiser.locator('a[href$=".pdf"]').getAttribute('href'), info, 'report.pdf');
  expect(text).toContain('541/547 (98,90%)');

  await organiser.locator('input[name=agree]').fill('541');
  await organiser.locator('input[name=disagree]').fill('0');
  await organiser.locator('input[name=other]').fill('0');
  await organiser.getByRole('button', { name: 'Ghi kết quả' }).click();
  await expect(organiser.locator('.cred-present')).toContainText('541/541');

  await leader.goto('/tham-tra');
  await expect(leader.locator('.cred-freezes').last()).toContainText('541');
  await seen(leader, info, 'desk-phone');
  await leader.goto('/tham-tra/bao-cao/1');
  await seen(leader, info, 'report-phone');
  expect(wrong.flat(), 'console and network').toEqual([]);
});

test('pages of the people are right on this screen', async ({ seats, demo }, info) => {
  test.setTimeout(240_000);
  const page = await seats('organiser', { reducedMotion: 'reduce' });
  const wrong = watch(page, demo);
  for (const [at, where] of ['/dai-bieu', '/dai-bieu/DB-0001', '/dai-bieu/DB-0001/sua', '/dai-bieu/to', '/dai-bieu/thieu', '/dai-bieu/trung', '/dai-bieu/DB-0001/thay-the', '/thu-moi', '/thu-moi/dai_bieu', '/xac-nhan', '/phien', '/phien/tap-huan/diem-danh', '/the/DB-0001', '/the/khu-vuc'].entries()) {
    await test.step(where, async () => {
      const answer = await page.goto(where);
      expect.soft(answer.status(), where).toBe(200);
      await expect.soft(page.locator('h1'), where).toHaveCount(1);
      await expect.soft(fits(page), where).resolves.toBeUndefined();
      await expect.soft(clean(page), where).resolves.toBeUndefined();
      await page.screenshot({ path: info.outputPath(`${at}.png`), fullPage: true });
    });
  }
  expect(wrong, 'console and network').toEqual([]);
});

test('a code that nobody signed is refused in words', async ({ seats, demo }) => {
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/the/kiem-tra');
  await page.locator('input[name=code], textarea[name=code]').first().fill('1234567890'.repeat(19) + '123456');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await clean(page);
  expect(wrong, 'console and network').toEqual([]);
});
