// The register in and out as files: what one exports imports without a change; one changed cell is one change;
// a file that is not what it says gets a sentence; calendars, chart, project and the signed report.
import { readFileSync } from 'node:fs';
import { test, expect, clean, fits } from './demo.js';
import { edit } from './xlsx.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Presses a link and gives the bytes of the file it starts. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

async function upload(page, name, buffer) {
  await page.goto('/nhiem-vu/nhap');
  await page.locator('#tep').setInputFiles({ name, mimeType: XLSX, buffer });
  await page.getByRole('button', { name: 'Xem sẽ thay đổi gì' }).click();
}

test('an own export changes nothing; one changed cell is one change, shown before and applied after', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/nhap');
  const { name, bytes } = await download(page, page.getByRole('link', { name: 'Tải phụ lục hiện có' }));
  expect(name).toMatch(/\.xlsx$/);
  await upload(page, name, bytes);
  await expect(page.locator('main')).toContainText('Tệp giống hệt sổ nhiệm vụ. Không có gì để ghi.');
  await expect(page.locator('a[href="#vang"] b').first()).toHaveText('40');
  await clean(page);
  await fits(page);

  const changed = edit(bytes, 'Tổ chức triển lãm ảnh ngoài trời', 'Tổ chức triển lãm 60 ảnh ngoài trời');
  await upload(page, 'phu-luc-sua.xlsx', changed);
  await expect(page.locator('a[href="#doi"] b')).toHaveText('1');
  await expect(page.locator('a[href="#loi"] b')).toHaveText('0');
  const change = page.locator('#doi tbody tr');
  await expect(change).toHaveCount(1);
  await expect(change).toContainText('TT-06');
  await expect(change.locator('del')).toHaveText('Tổ chức triển lãm ảnh ngoài trời');
  await expect(change.locator('ins')).toHaveText('Tổ chức triển lãm 60 ảnh ngoài trời');
  await clean(page);
  await fits(page);
  await page.goto('/nhiem-vu?q=trien+lam');
  await expect(page.locator('tr[id^="t-"]'), 'a look writes nothing').toContainText('Tổ chức triển lãm ảnh ngoài trời');
  await page.goBack();
  await page.getByLabel('Lý do sửa nhiệm vụ đã giao').fill('Chốt số ảnh theo kết luận giao ban.');
  await page.getByRole('button', { name: 'Đồng ý, ghi vào sổ' }).click();
  await expect(page.locator('main')).toContainText('sửa 1 nhiệm vụ', { timeout: 20_000 });
  await clean(page);
  await page.goto('/nhiem-vu?q=trien+lam');
  await expect(page.locator('tr[id^="t-"]')).toContainText('Tổ chức triển lãm 60 ảnh ngoài trời');
  await page.goto('/nhiem-vu/TT-06');
  await expect(page.locator('.task-log')).toContainText('Chốt số ảnh theo kết luận giao ban.');
});

test('every error of a file is named with its place, and nothing is written', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/nhap');
  const { bytes } = await download(page, page.getByRole('link', { name: 'Tải phụ lục hiện có' }));
  // Two rows get the same code.
  await upload(page, 'trung-ma.xlsx', edit(edit(bytes, 'TT-05', 'TT-0x'), 'TT-0x', 'TT-07 '));
  await expect(page.locator('a[href="#loi"] b')).not.toHaveText('0');
  await expect(page.locator('#loi tbody tr').first()).toContainText('TT-07');
  await expect(page.locator('#loi tbody tr').first()).toContainText(/\d+.+\d+/);
  await expect(page.getByRole('button', { name: 'Đồng ý, ghi vào sổ' })).toHaveCount(0);
  await clean(page);
  await fits(page);
});

test('a file that is not a workbook gets a sentence and leaves the page as it was', async ({ seats }) => {
  const page = await seats('organiser');
  const files = {
    'van-ban.xlsx': Buffer.from('Đây là văn bản, không phải bảng tính.'),
    'hong.xlsx': Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(2000, 7)]),
    'rong.xlsx': Buffer.alloc(0),
    'to.xlsx': Buffer.alloc(10.5 * 1024 * 1024, 1),
  };
  for (const [name, buffer] of Object.entries(files)) {
    await upload(page, name, buffer);
    const alert = page.getByRole('alert');
    await expect(alert, name).toBeVisible();
    await expect(alert, name).toBeFocused();
    const words = (await alert.innerText()).trim();
    expect(words, name).toMatch(/^\p{Lu}.{15,}\.$/us);
    expect(words, name).not.toMatch(/[a-z]-[a-z]+-[a-z]|zip|xml|error/i);
    await expect(page.locator('#tep'), 'one can choose again at once').toBeVisible();
  }
  await clean(page);
  await fits(page);
});

test('a calendar opens without signing in, and closes when it is revoked', async ({ seats, demo, playwright }) => {
  const page = await seats('focal officer');
  await page.goto('/lich');
  await page.locator('#chuc_danh').selectOption({ index: 1 }).catch(() => {});
  await page.locator('form', { has: page.locator('input[name=loai][value=office]') }).getByRole('button', { name: 'Mở lịch' }).click();
  const address = await page.locator('#dia-chi').inputValue();
  await clean(page);
  await fits(page);
  const anybody = await playwright.request.newContext();
  const url = address.replace(/^https?:\/\/[^/]+/, demo.url);
  const open = await anybody.get(url);
  expect(open.status()).toBe(200);
  expect(open.headers()['content-type']).toContain('text/calendar');
  const text = await open.text();
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect((text.match(/BEGIN:VEVENT/g) ?? []).length).toBeGreaterThan(0);
  await page.goto('/lich');
  await expect(page.locator('main'), 'the address is shown once').not.toContainText(url.split('/').pop());
  await page.getByRole('button', { name: 'Thu hồi' }).first().click();
  await page.locator('#confirm button[value=yes]').click();
  await expect(page.locator('main')).toContainText('Đã thu hồi');
  expect([404, 410]).toContain((await anybody.get(url)).status());
  await anybody.dispose();
});

test('the chart leaves as a picture, the plan for Microsoft Project', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/tien-do-gantt');
  const svg = await download(page, page.getByRole('link', { name: 'Tải hình SVG' }));
  expect(svg.name).toMatch(/\.svg$/);
  const picture = svg.bytes.toString();
  expect(picture).toMatch(/<svg[^>]+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(picture).toContain('DB-01');
  expect(picture).not.toMatch(/<script|\son\w+=|style=|href="http/);
  const xml = await download(page, page.getByRole('link', { name: 'Microsoft Project' }));
  expect(xml.name).toMatch(/\.xml$/);
  const project = xml.bytes.toString();
  expect(project).toContain('xmlns="http://schemas.microsoft.com/project"');
  expect((project.match(/<Task>/g) ?? []).length).toBeGreaterThanOrEqual(40);
});

test('the leader signs the report; it stays as it was signed', async ({ seats }) => {
  const page = await seats('leader');
  await page.goto('/bao-cao/nhiem-vu');
  await page.getByRole('button', { name: 'Ký báo cáo' }).click();
  await page.locator('#confirm button[value=yes]').click();
  await page.waitForURL(/\/bao-cao\/nhiem-vu(\/.+)?$/);
  if (new URL(page.url()).pathname === '/bao-cao/nhiem-vu') await page.locator('main a[href^="/bao-cao/nhiem-vu/"]').first().click();
  await expect(page.locator('main')).toContainText('Trưởng Tiểu ban Tổ chức phục vụ ký lúc');
  await expect(page.locator('main code').first()).toHaveText(/^[0-9a-f]{64}$/);
  await expect(page.getByRole('button', { name: 'Ký báo cáo' })).toHaveCount(0);
  await clean(page);
  await fits(page);
  const signed = page.url();
  const figures = await page.locator('main table').allInnerTexts();

  // The register goes on; the paper does not.
  await page.goto('/nhiem-vu/TT-03');
  await page.getByRole('button', { name: 'Nghiệm thu' }).click();
  await page.locator('#confirm button[value=yes]').click();
  await expect(page.locator('.task-badges')).toContainText('Hoàn thành');
  await page.goto('/bao-cao/nhiem-vu');
  await expect(page.locator('main')).toContainText('9/40');
  await page.goto(signed);
  expect(await page.locator('main table').allInnerTexts()).toEqual(figures);

  const organiser = await seats('organiser');
  await organiser.goto('/bao-cao/nhiem-vu');
  await expect(organiser.getByRole('button', { name: 'Ký báo cáo' }), 'who does not decide does not sign').toHaveCount(0);
  await organiser.goto(signed);
  await expect(organiser.locator('main')).toContainText('8/40');
});
