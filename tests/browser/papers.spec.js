// Numbers, issuing bodies and the register of decisions: the answer goes both ways, typing shows the heading, and
// what was typed is never lost.
import { test, expect, clean, fits, watch } from './demo.js';

/** The address of the entry whose number is known. */
async function entry(page, number) {
  await page.goto(`/ket-luan?q=${encodeURIComponent(number)}`);
  await page.locator('.decision-list tbody .code a').first().click();
  await page.waitForURL(/\/ket-luan\/[0-9a-f-]{36}/);
  await expect(page.locator('h1')).toHaveText(number);
}

test('every page is clean, fits and speaks', async ({ seats, demo }) => {
  test.setTimeout(120_000);
  const page = await seats('organiser', { reducedMotion: 'reduce' });
  const wrong = watch(page, demo);
  await entry(page, '04-TB/TBPV');
  const one = new URL(page.url()).pathname;
  await page.goto('/van-ban?q=05-TB');
  const number = await page.locator('.number-list .code a').first().getAttribute('href');
  await page.goto('/van-ban/co-quan');
  const body = await page.locator('.bodies h2 a').first().getAttribute('href');
  for (const path of ['/van-ban', '/van-ban?huy=1', '/van-ban?q=kh%C3%B4ng-c%C3%B3', '/van-ban/lay-so', number, '/van-ban/co-quan', '/van-ban/co-quan/moi', body, '/ket-luan', '/ket-luan?hieu-luc=superseded', '/ket-luan/moi', one, `${one}/sua`, '/nhiem-vu/HC-05']) {
    await test.step(path, async () => {
      const answer = await page.goto(path);
      expect.soft(answer.status(), path).toBe(200);
      await expect.soft(page.locator('h1'), path).toHaveCount(1);
      await expect.soft(fits(page), path).resolves.toBeUndefined();
      await expect.soft(clean(page), path).resolves.toBeUndefined();
      const text = await page.locator('body').innerText();
      expect.soft(text, `${path}: words`).not.toMatch(/(?<![\w/.-])(?:papers|decisions|decision|body|number)-[a-z_]+(?:-[a-z0-9_]+)*(?![\w/-])/);
    });
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const path of ['/van-ban', body, one]) {
    await page.goto(path);
    await clean(page, ['color-contrast', 'link-in-text-block']);
  }
  expect(wrong).toEqual([]);
});

test('English is complete', async ({ seats }) => {
  const page = await seats('organiser');
  for (const path of ['/van-ban', '/van-ban/lay-so', '/van-ban/co-quan', '/ket-luan', '/ket-luan/moi']) {
    await page.goto(`${path}?lang=en`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    for (const frame of ['h1', '.actions', '.tabs', '.form-foot', 'thead', 'label.form-label']) {
      for (const words of await page.locator(`main ${frame}`).allInnerTexts()) {
        expect.soft(words, `${path} ${frame}`).not.toMatch(/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i);
      }
    }
  }
});

test('from a decision to its tasks and back', async ({ seats }) => {
  const page = await seats('leader');
  await page.goto('/ket-luan');
  await page.getByRole('searchbox').fill('hoc vien can bo');
  await expect(page.locator('.decision-list tbody tr')).toHaveCount(1);
  await expect(page.locator('.decision-list')).toContainText('Thường trực Thành ủy');
  await page.locator('.decision-list .code a').click();
  await expect(page.locator('h1')).toHaveText('112-TB/TU');
  const line = page.locator('.point-tasks li', { hasText: 'DD-03' });
  await expect(line).toContainText('Giao mới');
  await expect(line.locator('.chip').first()).toContainText(/hạn/i);
  await line.getByRole('link', { name: 'DD-03' }).click();
  await page.waitForURL(/\/nhiem-vu\/DD-03/);
  const section = page.locator('#can-cu');
  await expect(section).toContainText('112-TB/TU');
  // The plan that its basis names by number ties itself.
  await expect(section).toContainText('15-KH/TBPV');
  await section.getByRole('link', { name: '112-TB/TU' }).click();
  await expect(page.locator('h1')).toHaveText('112-TB/TU');
});

test('a superseded paper says what stands in its place', async ({ seats }) => {
  const page = await seats('organiser');
  await entry(page, '02-TB/TBPV');
  await expect(page.locator('.notice')).toContainText('04-TB/TBPV');
  await page.locator('.notice a').click();
  await expect(page.locator('h1')).toHaveText('04-TB/TBPV');
  await expect(page.getByRole('heading', { name: 'Văn bản trước' })).toBeVisible();
});

test('a paper is entered by hand with its tasks, and the task shows it at once', async ({ seats }) => {
  const page = await seats('organiser');
  const watcher = await seats('leader');
  await watcher.goto('/nhiem-vu/HC-01');
  await page.goto('/ket-luan/moi');
  await page.getByLabel('Số, ký hiệu').first().fill('06-KL/TBPV');
  await page.getByLabel('Loại', { exact: true }).selectOption('ket_luan');
  await page.getByLabel('Ai quyết định').fill('Trưởng Tiểu ban Tổ chức phục vụ');
  await page.getByLabel('Trích yếu').first().fill('Kết luận về lưu trú đại biểu');
  await page.getByLabel('Một kết luận').first().fill('Chốt bốn cơ sở lưu trú.');
  await page.getByPlaceholder('Tìm nhiệm vụ').fill('HC-01');
  await page.locator('#task-choices').getByLabel(/HC-01/).check();
  await page.getByRole('button', { name: 'Lưu' }).click();
  await page.waitForURL(/\/ket-luan\/[0-9a-f-]{36}/);
  await expect(page.locator('h1')).toHaveText('06-KL/TBPV');
  await expect(page.locator('.point-tasks')).toContainText('HC-01');
  await expect(watcher.locator('#can-cu')).toContainText('06-KL/TBPV');
  // The same number again: a sentence, and nothing typed is lost.
  await page.goto('/ket-luan/moi');
  await page.getByLabel('Số, ký hiệu').first().fill('6-kl/tbpv');
  await page.getByLabel('Ai quyết định').fill('Trưởng Tiểu ban');
  await page.getByLabel('Trích yếu').first().fill('Gõ lần hai');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.getByRole('alert')).toContainText('đã có trong sổ');
  await expect(page.getByLabel('Trích yếu').first()).toHaveValue('Gõ lần hai');
});

test('a number is foreseen, taken, and cancelled for ever', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/van-ban/lay-so');
  await page.getByLabel('Cơ quan ban hành').selectOption({ label: 'Tiểu ban Tổ chức phục vụ Đại hội (TBPV)' });
  await page.getByLabel('Loại văn bản').selectOption('BC');
  await expect(page.locator('#foreseen')).toContainText('01-BC/TBPV');
  await page.getByLabel('Trích yếu').fill('Báo cáo tiến độ tháng 9');
  await page.getByRole('button', { name: 'Lấy số này' }).click();
  await page.waitForURL(/\/van-ban\/so\//);
  await expect(page.locator('h1')).toHaveText('01-BC/TBPV');
  await page.getByText('Hủy số', { exact: true }).first().click();
  await page.getByLabel('Lý do hủy').fill('Ban hành bằng công văn');
  await page.getByRole('button', { name: 'Hủy số' }).click();
  await page.locator('#confirm button[value=yes]').click();
  await expect(page.locator('.notice').first()).toContainText('Đã hủy số');
  await expect(page.locator('h1 del')).toHaveText('01-BC/TBPV');
});

test('breaking a line of the heading shows it as it will print', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/van-ban/co-quan/moi');
  await page.getByLabel('Tên cơ quan, như in').fill('BAN TUYÊN GIÁO VÀ DÂN VẬN');
  await expect(page.locator('#heading')).toContainText('BAN TUYÊN GIÁO VÀ DÂN VẬN');
  await page.getByLabel('Tên cơ quan, như in').fill('BAN TUYÊN GIÁO\nVÀ DÂN VẬN');
  await expect(page.locator('#heading .official-name')).toHaveCount(2);
  await page.getByLabel('Ký hiệu').fill('BTGDV');
  await expect(page.locator('#heading')).toContainText('07-TB/BTGDV');
});

test('the lists go out as a workbook and as PDF', async ({ seats }) => {
  const page = await seats('leader');
  for (const [path, kind] of [['/van-ban/xuat.xlsx', 'spreadsheetml'], ['/van-ban/xuat.pdf', 'pdf'], ['/ket-luan/xuat.xlsx', 'spreadsheetml'], ['/ket-luan/xuat.pdf', 'pdf']]) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()['content-type'], path).toContain(kind);
    expect((await answer.body()).length, path).toBeGreaterThan(3000);
  }
});
