// Press and vehicles: an organiser at a desk, a security officer on a telephone, and every page on this screen.
import { test, expect, clean, fits, watch } from './demo.js';

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

test('a reporter is nominated, vetted by two people and has a badge asked for', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'desk', 'organiser at a desk and leader on a telephone, in one run');
  test.setTimeout(120_000);
  const organiser = await seats('organiser', DESK);
  const leader = await seats('leader', PHONE);
  const wrong = [watch(organiser, demo), watch(leader, demo)];

  await organiser.goto('/bao-chi/co-quan/2');
  await organiser.locator('#name').fill('Ngô Thị Thử');
  await organiser.locator('#card').fill('thu-0901');
  await organiser.getByRole('button', { name: 'Ghi đề cử' }).click();
  await organiser.getByRole('link', { name: 'Ngô Thị Thử' }).click();
  const where = new URL(organiser.url()).pathname;
  await organiser.getByRole('button', { name: 'Qua vòng một' }).click();
  // Who did the first vetting has no button for the second.
  await expect(organiser.getByRole('button', { name: 'Không đạt' })).toHaveCount(0);

  await leader.goto(where);
  await expect(leader.getByText('Lý do không bao giờ đưa vào hệ thống này.')).toBeVisible();
  await fits(leader);
  await clean(leader);
  await leader.getByRole('button', { name: 'Đạt', exact: true }).click();
  await expect(leader.getByRole('status').first()).toContainText('đã vào danh sách');
  await leader.getByRole('link', { name: 'Chờ duyệt' }).click();
  await expect(leader.locator('h1')).toHaveText('Ngô Thị Thử');
  expect(wrong.flat(), 'console and network').toEqual([]);
});

test('pages of the press and of vehicles are right on this screen', async ({ seats, demo }, info) => {
  test.setTimeout(240_000);
  const page = await seats('organiser', { reducedMotion: 'reduce' });
  const wrong = watch(page, demo);
  const paths = [
    '/bao-chi', '/bao-chi?tt=tham_tra', '/bao-chi/co-quan', '/bao-chi/co-quan/1', '/bao-chi/3', '/xe', '/xe?doan=1', '/xe/2', '/xe/moi', '/xe/2/sua',
    '/xe/bai', '/xe/doi-chieu',
  ];
  for (const [at, where] of paths.entries()) {
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
