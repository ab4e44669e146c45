// Paper from every view: the link carries the filter that is on and gives a PDF; pages stay clean with their links.
import { readFileSync } from 'node:fs';
import { test, expect, clean, fits } from './demo.js';

/** Presses a link and gives the file it starts. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), head: readFileSync(await file.path()).subarray(0, 5).toString() };
}

test('the list goes on paper with the filter that is on', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu?den=qua_han');
  const link = page.getByRole('link', { name: 'Danh sách PDF' });
  await expect(link).toHaveAttribute('href', '/nhiem-vu/danh-sach.pdf?den=qua_han');
  const file = await download(page, link);
  expect(file.name).toMatch(/^danh-sach-nhiem-vu-2025-09-26\.pdf$/);
  expect(file.head).toBe('%PDF-');
  await clean(page);
  await fits(page);
});

for (const [path, name, file] of [
  ['/nhiem-vu/bang', 'PDF', /^bang-nhiem-vu/],
  ['/nhiem-vu/lich', 'PDF khổ A3', /^lich-nhiem-vu/],
  ['/nhiem-vu/ma-tran', 'PDF', /^ma-tran-nhiem-vu/],
  ['/nhiem-vu/tien-do-gantt', 'PDF khổ A3', /^tien-do/],
  ['/viec-cua-toi', 'PDF', /^viec-cua-toi/],
]) {
  test(`${path} goes on paper`, async ({ seats }) => {
    const page = await seats('organiser');
    await page.goto(path);
    const made = await download(page, page.getByRole('link', { name, exact: true }));
    expect(made.name).toMatch(file);
    expect(made.head).toBe('%PDF-');
    await clean(page);
    await fits(page);
  });
}
