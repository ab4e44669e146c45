// Every page as each who may see it: clean for axe in light and dark, no wider than its window, silent in the
// console, no other host; a title and one heading; complete in English; ready for paper.
import { test, expect, clean, fits, watch } from './demo.js';

const LISTS = ['/nhiem-vu', '/nhiem-vu/bang', '/nhiem-vu/lich', '/nhiem-vu/ma-tran', '/nhiem-vu/tien-do-gantt'];
const PAPERS = ['/bao-cao/nhiem-vu', '/viec-cua-toi', '/nhiem-vu/DB-01'];

/** The pages of each role; what only one role sees stands with it. */
const PAGES = {
  organiser: [
    '/viec-cua-toi', '/nhiem-vu', '/nhiem-vu?den=qua_han&den=sap_den_han', '/nhiem-vu?q=kh%C3%B4ng-c%C3%B3', '/nhiem-vu/bang', '/nhiem-vu/lich',
    '/nhiem-vu/lich?thang=2025-10', '/nhiem-vu/ma-tran', '/nhiem-vu/tien-do-gantt', '/nhiem-vu/DB-01', '/nhiem-vu/AN-01', '/nhiem-vu/moi',
    '/nhiem-vu/DB-01/sua', '/nhiem-vu/DB-01/don-doc', '/nhiem-vu/DB-01/phu-thuoc', '/duong-co-so', '/nhiem-vu/mau',
    '/nhiem-vu/thiet-lap', '/nhiem-vu/nhap', '/lich', '/bao-cao/nhiem-vu', '/tai-khoan', '/tai-khoan/mat-khau', '/tai-khoan/ma-truy-cap',
    '/phe-duyet', '/viec-nen', '/api/',
  ],
  leader: ['/viec-cua-toi', '/nhiem-vu', '/nhiem-vu/TT-03', '/nhiem-vu/TT-03/chuyen/return', '/nhiem-vu/VK-03/chuyen/pause', '/nhiem-vu/duyet-giao', '/duong-co-so', '/bao-cao/nhiem-vu', '/nhat-ky'],
  'focal officer': ['/viec-cua-toi', '/nhiem-vu', '/nhiem-vu/HC-01', '/nhiem-vu/HC-01/bao-cao', '/nhiem-vu/HC-01/minh-chung', '/nhiem-vu/HC-01/gia-han', '/nhiem-vu/HC-01/gia-han?to=05%2F10%2F2025'],
  administrator: [
    '/nhiem-vu', '/nhat-ky', '/nhat-ky/1', '/quan-tri', '/quan-tri/don-vi', '/quan-tri/chuc-danh', '/quan-tri/nguoi', '/quan-tri/quyen', '/quan-tri/ai-thay', '/tai-khoan',
  ],
};

/** A key of the word lists that reached the screen. */
const RAW = /(?<![\w/.-])(?:tasks?|views|shell|identity|exchange|annex|rules|jobs|files|nav|openapi|clarity|move|state|timing|urge|sheets)-[a-z_]+(?:-[a-z0-9_]+)*(?![\w/-])/;

const missing = (text) => text.match(RAW)?.[0] ?? '';

for (const [role, paths] of Object.entries(PAGES)) {
  test(`pages of the ${role}`, async ({ seats, demo }, info) => {
    test.setTimeout(360_000);
    const page = await seats(role, { reducedMotion: 'reduce' });
    const wrong = watch(page, demo);
    for (const path of paths) {
      await test.step(path, async () => {
        const answer = await page.goto(path);
        expect.soft(answer.status(), path).toBe(200);
        await expect.soft(page.locator('h1'), path).toHaveCount(1);
        expect.soft(await page.title(), path).toMatch(/\S+ · Đại hội/);
        expect.soft(missing(await page.locator('body').innerText()), `${path}: words`).toBe('');
        await expect.soft(fits(page), path).resolves.toBeUndefined();
        await expect.soft(clean(page), path).resolves.toBeUndefined();
        // The colours are the same on every width.
        if (info.project.name !== 'desk') return;
        await page.emulateMedia({ colorScheme: 'dark' });
        await expect.soft(page.locator('html')).toHaveAttribute('data-bs-theme', 'dark');
        // Colours glide from one to the other; they are judged where they arrive.
        await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))));
        await expect.soft(clean(page, ['color-contrast', 'link-in-text-block']), `${path} in the dark`).resolves.toBeUndefined();
        await page.emulateMedia({ colorScheme: 'light' });
      });
    }
    expect(wrong, 'console and network').toEqual([]);
  });
}

test('English is complete, and the switch keeps the page', async ({ seats, demo }) => {
  test.setTimeout(120_000);
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/nhiem-vu?den=qua_han');
  await page.locator('a[data-switch=lang]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/nhiem-vu?den=qua_han');
  for (const path of PAGES.organiser) {
    await page.goto(path);
    await expect.soft(page.locator('html'), path).toHaveAttribute('lang', 'en');
    const text = await page.locator('body').innerText();
    expect.soft(missing(text), path).toBe('');
    // What the frame itself says is English; names and what people wrote stay as they are.
    for (const frame of ['.mainnav', '.tabs', 'main h2.visually-hidden', 'main .form-foot', 'main .actions', 'footer']) {
      for (const words of await page.locator(frame).allInnerTexts()) {
        expect.soft(words, `${path} ${frame}`).not.toMatch(/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('lists are ready for A4, the chart for A3', async ({ seats }, info) => {
  const page = await seats('organiser');
  for (const path of [...LISTS, ...PAPERS]) {
    await page.goto(path);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    for (const part of ['.topbar', '.mainnav', '.tabs', '.filters', '.offline-bar']) {
      for (const one of await page.locator(part).all()) await expect.soft(one, `${path} ${part}`).toBeHidden();
    }
    if (path.endsWith('gantt')) await expect.soft(page.locator('.gantt-paper-pages svg').first()).toBeVisible();
    if (info.project.name === 'desk') {
      const chart = path.endsWith('gantt');
      const pdf = await page.pdf({ format: chart ? 'A3' : 'A4', landscape: true, preferCSSPageSize: true });
      const text = pdf.toString('latin1');
      const box = text.match(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/);
      expect.soft(Number(box[1]) > Number(box[2]), `${path} is landscape`).toBe(LISTS.includes(path));
      if (chart) expect.soft(Math.round(Number(box[1]))).toBeGreaterThan(1150);
      const pages = (text.match(/\/Type\s*\/Page\b/g) ?? []).length;
      expect.soft(pages, `${path} sheets`).toBeLessThanOrEqual(chart ? 4 : 8);
    }
    await page.emulateMedia({ media: 'screen' });
  }
});

test('the wall fits its screen: nothing scrolls, no menu', async ({ seats, demo }) => {
  const page = await seats('leader');
  const wrong = watch(page, demo);
  for (const [width, height] of [[1920, 1080], [1280, 720]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.goto('/bang-tuong');
      await expect(page.locator('.wall-page:not([hidden])')).toHaveCount(1);
      const over = await page.evaluate(() => {
        const root = document.documentElement;
        const cut = [...document.querySelectorAll('.wall *')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width > 0 && box.height > 0 && (box.bottom > innerHeight + 1 || box.right > innerWidth + 1);
        });
        return { x: root.scrollWidth - innerWidth, y: root.scrollHeight - innerHeight, cut: cut.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)) };
      });
      expect.soft(over, `${width}×${height} ${colorScheme}`).toEqual({ x: 0, y: 0, cut: [] });
      await expect(page.locator('.topbar, .mainnav')).toHaveCount(0);
      await clean(page);
    }
  }
  // It turns by hand as well.
  const shown = () => page.locator('.wall-page').evaluateAll((all) => all.findIndex((one) => !one.hidden));
  const count = await page.locator('.wall-page').count();
  if (count > 1) {
    const before = await shown();
    await page.keyboard.press('ArrowRight');
    expect(await shown()).toBe((before + 1) % count);
  }
  expect(wrong).toEqual([]);
});

test('a page that is not there says so and leads back', async ({ seats }) => {
  const page = await seats('focal officer');
  for (const path of ['/khong-co', '/nhiem-vu/XX-99', '/quan-tri', '/nhat-ky']) {
    const answer = await page.goto(path);
    expect.soft([403, 404], path).toContain(answer.status());
    await expect(page.locator('h1')).toHaveText(/Không (tìm thấy|có quyền)/);
    await expect(page.locator('.problem .btn-primary')).toBeVisible();
    await clean(page);
    await fits(page);
  }
});

test('the board of shortcuts opens from the frame', async ({ seats }, info) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu');
  if (info.project.name === 'desk') await page.getByRole('button', { name: 'Phím tắt' }).click();
  else await page.keyboard.press('?');
  await expect(page.locator('#help')).toBeVisible();
  await clean(page);
  await fits(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('#help')).toBeHidden();
});

test('papers that need a step before them: baseline and its diff, letter, decision, preview of an import', async ({ seats, demo }) => {
  test.setTimeout(120_000);
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/duong-co-so');
  await page.locator('#name').fill('Kế hoạch gốc');
  await page.locator('form[action="/duong-co-so"] button').click();
  await page.waitForURL(/\/duong-co-so\/.+/);
  await expect(page.locator('h1')).toContainText('Kế hoạch gốc');
  await expect(page.locator('code.hash')).toHaveText(/^[0-9a-f]{64}$/);
  await clean(page);
  await fits(page);
  const baseline = page.url();

  await page.goto('/nhiem-vu/DB-01/don-doc');
  await page.getByRole('button', { name: 'Đôn đốc' }).click();
  await page.locator('#confirm button[value=yes]').click();
  await page.waitForURL(/\/nhiem-vu\/DB-01(\?|$)/);
  await page.getByRole('link', { name: 'Bản in công văn' }).first().click();
  await expect(page.locator('article.letter')).toBeVisible();
  await clean(page);
  await fits(page);

  const focal = await seats('focal officer');
  await focal.goto('/nhiem-vu/HC-01/gia-han');
  await focal.getByLabel('Hạn đề nghị').fill('29/09/2025');
  await focal.getByLabel('Lý do').fill('Một cơ sở sửa thang máy.');
  await focal.getByRole('button', { name: 'Gửi đề nghị' }).click();
  await focal.waitForURL(/\/(gia-han|nhiem-vu\/HC-01(\?|$))/);
  const leader = await seats('leader');
  await leader.goto('/nhiem-vu/HC-01');
  await leader.getByRole('link', { name: 'Xem và quyết định' }).click();
  await expect(leader.getByRole('button', { name: 'Đồng ý', exact: true })).toBeVisible();
  await clean(leader);
  await fits(leader);
  await leader.goto(baseline);
  await expect(leader.locator('#phe-duyet')).toBeVisible();
  await clean(leader);
  await fits(leader);
  expect(wrong).toEqual([]);
});
