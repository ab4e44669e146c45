// A foreign document is held to its layout rule: departures with their clauses, a corrected copy, refusals in words.
import { readFileSync } from 'node:fs';
import { test, expect, clean, fits } from './demo.js';
import { docx } from './docx.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

async function check(page, name, buffer) {
  await page.goto('/van-ban/kiem-tra');
  await page.locator('#tep').setInputFiles({ name, mimeType: DOCX, buffer });
  await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
}

test('departures stand with their clause; the corrected copy has fewer', async ({ seats }) => {
  const page = await seats('focal officer');
  await page.goto('/van-ban/kiem-tra');
  await clean(page);
  await fits(page);
  await check(page, 'Thông báo tuần 05.docx', docx());
  const count = page.locator('.check-count');
  await expect(count).toContainText('chỗ chưa đúng');
  const before = Number((await count.textContent()).match(/\d+/)[0]);
  await expect(page.locator('main')).toContainText('“Số: 7-TB/TBPV”; phải là “Số 07-TB/TBPV”');
  await expect(page.locator('main')).toContainText('Thành phần bắt buộc: Số và ký hiệu');
  await clean(page);
  await fits(page);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Tải bản đã sửa \d+ chỗ$/ }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/da-sua\.docx$/);
  await check(page, 'da-sua.docx', readFileSync(await file.path()));
  await expect(page.locator('main')).not.toContainText('Số: 7-TB/TBPV');
  expect(Number((await count.textContent()).match(/\d+/)[0])).toBeLessThan(before);
});

test('what is no document gets a sentence, and the form stays', async ({ seats }) => {
  const page = await seats('organiser');
  for (const [buffer, words] of [
    [Buffer.from('xin chào'), 'không phải văn bản .docx'],
    [docx('TUYỆT MẬT'), 'Văn bản có dấu mật không đưa vào hệ thống này.'],
  ]) {
    await check(page, 'tep.docx', buffer);
    await expect(page.getByRole('alert')).toContainText(words);
    await expect(page.locator('#tep')).toBeVisible();
    await clean(page);
  }
});
