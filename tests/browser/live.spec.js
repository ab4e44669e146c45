// One change reaches every screen that shows it, at once, without taking anything out of anybody's hands.
import { test, expect, wire } from './demo.js';

/** Waits inside the page until `text` stands in `selector`; the moment is the wall clock, one for all pages. */
const seen = (page, selector, text) => page.evaluate(([selector, text]) => new Promise((resolve) => {
  const look = () => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text));
  const done = () => look() && (observer.disconnect(), resolve(Date.now()));
  const observer = new MutationObserver(done);
  observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true });
  done();
}), [selector, text]);

/** The stream of a page is open before anything is changed. */
async function streaming(page) {
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((one) => one.name.includes('/song/')) || document.querySelector('[sse-connect]'));
  await page.waitForTimeout(400);
}

async function report(page, code, percent, done) {
  await page.goto(`/nhiem-vu/${code}/bao-cao`);
  await page.locator('#percent').fill(String(percent));
  await page.locator('#done').fill(done);
  await page.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await page.waitForURL(new RegExp(`/nhiem-vu/${code}(\\?|$)`));
}

test('a report shows on the list, the task, the board and my work of others within a second', async ({ seats }) => {
  const focal = await seats('focal officer');
  await focal.goto('/nhiem-vu/HC-02/bao-cao');
  await focal.locator('#percent').fill('57');
  await focal.locator('#done').fill('Đã chốt 12 tuyến xe.');
  const list = await seats('organiser');
  const task = await seats('organiser');
  const theirs = await seats('leader');
  await list.goto('/nhiem-vu');
  await task.goto('/nhiem-vu/HC-02');
  await theirs.goto('/nhiem-vu/HC-02');
  await Promise.all([list, task, theirs].map(streaming));
  await expect(list.locator('tr', { hasText: 'HC-02' })).toContainText('45%');

  const waits = [
    seen(list, 'tr[id^="t-"] .progress-cell', '57%'),
    seen(task, '#task', 'Đã chốt 12 tuyến xe.'),
    seen(theirs, '#task', '57%'),
  ];
  const answered = focal.waitForResponse((answer) => answer.request().method() === 'POST');
  await focal.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await answered;
  const start = Date.now();
  const after = (await Promise.all(waits)).map((at) => at - start);
  test.info().annotations.push({ type: 'ms after the answer', description: after.join(', ') });
  for (const ms of after) expect(ms, 'ms').toBeLessThan(1000);
});

test('a move shows on the board, the matrix and the wall within a second', async ({ seats }) => {
  const board = await seats('organiser');
  const wall = await seats('leader');
  const matrix = await seats('focal officer');
  const leader = await seats('leader');
  await board.goto('/nhiem-vu/bang');
  await wall.goto('/bang-tuong');
  await matrix.goto('/nhiem-vu/ma-tran');
  await leader.goto('/nhiem-vu/TT-03');
  await Promise.all([board, wall, matrix].map(streaming));
  await leader.getByRole('button', { name: 'Nghiệm thu' }).click();
  const waits = [
    seen(board, '.kanban-col h2', 'Hoàn thành9'),
    seen(wall, '.wall-foot', '9/40'),
    seen(matrix, 'table.matrix tfoot', '3'),
  ];
  const answered = leader.waitForResponse((answer) => answer.request().method() === 'POST');
  await leader.locator('#confirm').getByRole('button', { name: 'Nghiệm thu' }).click();
  await answered;
  const start = Date.now();
  const after = (await Promise.all(waits)).map((at) => at - start);
  test.info().annotations.push({ type: 'ms after the answer', description: after.join(', ') });
  for (const ms of after) expect(ms, 'ms').toBeLessThan(1000);
});

test('a live change keeps the focus, the words being typed, the marks and the place', async ({ seats }) => {
  const list = await seats('organiser');
  const focal = await seats('focal officer');
  await list.goto('/nhiem-vu');
  await streaming(list);
  await list.locator('tr', { hasText: 'VK-05' }).locator('.pick input').check();
  await list.locator('tr', { hasText: 'HC-03' }).first().scrollIntoViewIfNeeded();
  await list.locator('tr', { hasText: 'HC-03' }).locator('td.code a').focus();
  const before = await list.evaluate(() => [scrollY, document.activeElement.textContent]);
  let wait = seen(list, 'tr[id^="t-"] .progress-cell', '41%');
  await report(focal, 'HC-03', 41, 'Thêm một bếp đạt.');
  await wait;
  expect(await list.evaluate(() => [scrollY, document.activeElement.textContent])).toEqual(before);
  await expect(list.locator('tr', { hasText: 'VK-05' }).locator('.pick input')).toBeChecked();

  // Typing in the search goes on while rows change.
  await list.evaluate(() => scrollTo(0, 0));
  await list.locator('[data-search]').fill('xe dua don');
  await expect(list.locator('tr[id^="t-"]')).toHaveCount(1);
  await streaming(list);
  await list.locator('[data-search]').focus();
  await list.keyboard.press('Home');
  wait = seen(list, 'tr[id^="t-"] .progress-cell', '63%');
  await report(focal, 'HC-02', 63, 'Thêm hai tuyến.');
  await wait;
  await expect(list.locator('[data-search]')).toBeFocused();
  await expect(list.locator('[data-search]')).toHaveValue('xe dua don');
  expect(await list.locator('[data-search]').evaluate((field) => field.selectionStart)).toBe(0);
  await expect(list.locator('tr[id^="t-"]'), 'the filter holds').toHaveCount(1);
});

test('a form is never changed under the hands', async ({ seats }) => {
  const organiser = await seats('organiser');
  const focal = await seats('focal officer');
  await organiser.goto('/nhiem-vu/HC-02/sua');
  await organiser.locator('#scope').fill('Chỉ đại biểu ở xa');
  await report(focal, 'HC-02', 66, 'Thêm một tuyến.');
  await organiser.waitForTimeout(600);
  await expect(organiser.locator('#scope')).toHaveValue('Chỉ đại biểu ở xa');
  await expect(organiser.locator('#scope')).toBeFocused();
});

test('a cut connection says so and since when; it recovers alone and shows what it missed', async ({ seats, demo }) => {
  const line = await wire(demo);
  const list = await seats('organiser', { baseURL: line.url });
  const focal = await seats('focal officer');
  await list.goto('/nhiem-vu');
  await streaming(list);
  await expect(list.locator('tr', { hasText: 'DD-04' })).toContainText('60%');
  line.cut();
  const bar = list.locator('#offline');
  await expect(bar).toBeVisible();
  await expect(bar).toHaveText(/Chưa cập nhật được từ \d\d:\d\d\./);
  await expect(list.locator('.as-of.is-stale').first()).toBeVisible();
  await report(focal, 'DD-04', 62, 'Trong lúc mất mạng.');
  await expect(list.locator('tr', { hasText: 'DD-04' })).toContainText('60%');
  line.mend();
  await expect(list.locator('tr', { hasText: 'DD-04' }), 'without a reload').toContainText('62%', { timeout: 20_000 });
  await expect(bar).toBeHidden({ timeout: 15_000 });
  await expect(list.locator('.as-of.is-stale')).toHaveCount(0);
  line.close();
});

test('a device that goes off the network says so at once, and when it is back', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/bang');
  await streaming(page);
  await page.context().setOffline(true);
  await expect(page.locator('#offline')).toHaveText(/Mất mạng từ \d\d:\d\d\. Trang vẫn đọc được/);
  await page.context().setOffline(false);
  await expect(page.locator('#offline')).toBeHidden({ timeout: 15_000 });
});
