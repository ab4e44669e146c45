// Seating: a plan that everybody sits in, a person dragged, refused, swapped; the same by keys and by the form alone;
// the finder and the way on a phone; the wall.
import { writeFileSync } from 'node:fs';
import { test, expect, clean, fits, watch } from './demo.js';

// The first test of a project waits for the demo to be filled, and axe looks at nine hundred seats.
test.setTimeout(180_000);

const PLAN = '/cho-ngoi/chinh-thuc-1';

/** Looks at a page as a person and as axe do. */
async function seen(page, info, name) {
  await fits(page);
  await clean(page);
  await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
}

/** Where a seat is on the screen, scrolled into view. */
async function middle(seat) {
  await seat.scrollIntoViewIfNeeded();
  const box = await seat.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The seat of somebody who sits in the hall, and one that is free. */
async function pair(page) {
  const who = page.locator('.hall-map .seat[data-place^="H-"]:not([data-who=""])').first();
  const free = page.locator('.hall-map .seat[data-place^="K-"][data-who=""]').first();
  return { code: await who.getAttribute('data-who'), from: await who.getAttribute('data-place'), who, free, to: await free.getAttribute('data-place') };
}

test('a person is dragged to a free seat, refused on a taken one, and swapped', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'desk', 'with a mouse');
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto(PLAN);
  await seen(page, info, 'plan');
  const { code, who, free, to } = await pair(page);
  await middle(free);
  const a = await middle(who);
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move(a.x + 12, a.y + 12);
  await expect(page.locator('.drag-ghost')).toBeVisible();
  const b = await free.boundingBox();
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText('Đã chuyển chỗ và ghim.')).toBeVisible();
  await expect(page.locator(`.hall-map .seat[data-place="${to}"]`)).toHaveAttribute('data-who', code);

  // Onto somebody: refused with a sentence and a swap.
  const other = page.locator('.hall-map .seat[data-place^="D-"]:not([data-who=""])').first();
  const [place, neighbour] = [await other.getAttribute('data-place'), await other.getAttribute('data-who')];
  await page.locator(`.hall-map .seat[data-who="${code}"]`).click();
  await expect(page.locator('[data-seat-status]')).toContainText('Đã chọn');
  await other.click();
  await expect(page.getByRole('alert')).toContainText(`Ghế ${place} đã có`);
  await clean(page);
  await page.screenshot({ path: info.outputPath('taken.png') });
  await page.getByRole('alert').getByRole('button', { name: /Đổi chỗ/ }).click();
  await expect(page.getByText('Đã đổi chỗ.')).toBeVisible();
  await expect(page.locator(`.hall-map .seat[data-place="${place}"]`)).toHaveAttribute('data-who', code);
  await expect(page.locator(`.hall-map .seat[data-place="${to}"]`)).toHaveAttribute('data-who', neighbour);
  expect(wrong.filter((line) => !line.includes('409'))).toEqual([]);
});

test('keys alone move a person, and so does the form without scripts', async ({ seats }, info) => {
  test.skip(info.project.name !== 'desk', 'with a keyboard');
  const page = await seats('organiser');
  await page.goto(PLAN);
  const first = page.locator('.hall-map .seat[tabindex="0"]');
  await expect(first).toHaveCount(1);
  await first.focus();
  await page.keyboard.press('ArrowDown');
  const focused = page.locator('.hall-map .seat:focus');
  await expect(focused).toHaveCount(1);
  // To somebody, chosen; then on to a seat that is free.
  const { code, who, free, to } = await pair(page);
  await who.evaluate((seat) => seat.focus());
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-seat-status]')).toContainText('Đã chọn');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-seat-status]')).toContainText('Chọn một người');
  await page.keyboard.press('Enter');
  await free.evaluate((seat) => seat.focus());
  await page.keyboard.press('Enter');
  await expect(page.locator(`.hall-map .seat[data-place="${to}"]`)).toHaveAttribute('data-who', code);

  const plain = await seats('organiser', { javaScriptEnabled: false });
  await plain.goto(PLAN);
  const place = await plain.locator('.hall-map .seat[data-who=""]:not([aria-disabled])').last().getAttribute('data-place');
  await plain.getByLabel('Người').fill(code);
  await plain.getByLabel('Đến ghế').fill(place);
  await plain.getByRole('button', { name: 'Chuyển đến ghế' }).click();
  await expect(plain.locator(`.hall-map .seat[data-place="${place}"]`)).toHaveAttribute('data-who', code);
});

test('a finger drags after a moment, and a tap and a tap do the same', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'phone', 'with a finger');
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto(PLAN);
  await seen(page, info, 'plan-phone');
  const who = page.locator('.hall-map .seat[data-place^="E-"]:not([data-who=""])').first();
  const code = await who.getAttribute('data-who');
  await who.scrollIntoViewIfNeeded();
  await who.tap();
  await expect(page.locator('[data-seat-status]')).toContainText('Đã chọn');
  const free = page.locator('.hall-map .seat[data-who=""]:not([aria-disabled])').last();
  const to = await free.getAttribute('data-place');
  await free.scrollIntoViewIfNeeded();
  await free.tap();
  await expect(page.locator(`.hall-map .seat[data-place="${to}"]`)).toHaveAttribute('data-who', code);

  // A finger that rests on somebody takes them along; one that moves at once scrolls the map.
  const touch = await page.context().newCDPSession(page);
  const finger = (type, point) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [{ x: point.x, y: point.y }] : [] });
  const held = page.locator(`.hall-map .seat[data-who="${code}"]`);
  const near = page.locator(`.hall-map .seat[data-place^="${to.split('-')[0]}-"][data-who=""]:not([aria-disabled])`).first();
  const target = await near.getAttribute('data-place');
  const [from, there] = [await middle(held), await middle(near)];
  const start = await held.boundingBox();
  const begin = { x: start.x + start.width / 2, y: start.y + start.height / 2 };
  expect(Math.abs(begin.x - there.x), `both on the screen, ${JSON.stringify({ from, begin, there })}`).toBeLessThan(390);
  await finger('touchStart', begin);
  await expect(page.locator('.drag-ghost')).toBeVisible();
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await finger('touchMove', { x: begin.x + (there.x - begin.x) * share, y: begin.y + (there.y - begin.y) * share });
  }
  await finger('touchEnd');
  await expect(page.locator(`.hall-map .seat[data-place="${target}"]`)).toHaveAttribute('data-who', code);
  expect(wrong).toEqual([]);
});

test('a seat is found without marks and the way to it stands in large words', async ({ seats, demo }, info) => {
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/cho-ngoi');
  await seen(page, info, `finder-${info.project.name}`);
  await page.getByRole('searchbox').fill('db-0100');
  await page.getByRole('combobox', { name: 'Phiên' }).selectOption('tru-bi');
  await page.getByRole('button', { name: 'Tìm chỗ' }).click();
  await page.locator('.seat-found a').first().click();
  await expect(page.locator('.way-steps li').first()).toContainText('Vào cửa');
  await expect(page.locator('.way-steps li').last()).toContainText('Ghế');
  await expect(page.locator('.way-maps polyline').first()).toBeVisible();
  await seen(page, info, `way-${info.project.name}`);
  await page.getByRole('link', { name: 'Cửa 3' }).click();
  await expect(page.locator('.way-steps li').first()).toContainText('Vào cửa 3');
  await page.goto('/cho-ngoi/tru-bi/hang/F');
  await seen(page, info, `row-${info.project.name}`);
  expect(wrong).toEqual([]);
});

test('the wall shows who is there, and the numbers are those of the roll-call', async ({ seats, demo }, info) => {
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/cho-ngoi/tru-bi/man-hinh');
  const counts = (await page.locator('.seen-key b').allTextContents()).map(Number);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(547);
  await clean(page);
  await page.screenshot({ path: info.outputPath(`wall-${info.project.name}.png`) });
  await page.goto('/cho-ngoi/tru-bi?xem=diem-danh');
  await seen(page, info, `attendance-${info.project.name}`);
  expect(wrong).toEqual([]);
});

test('a hall is drawn, shown before it is kept, and a foreign plan is read', async ({ seats, demo }, info) => {
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/hoi-truong');
  await seen(page, info, `halls-${info.project.name}`);
  await page.goto('/hoi-truong/moi');
  const slug = `nho-${info.project.name}`;
  await page.getByLabel('Tên hội trường').fill('Phòng họp tổ');
  await page.getByLabel('Tên trong địa chỉ').fill(slug);
  await page.getByLabel('Các khối ghế').fill('6: 8 8');
  await page.getByRole('button', { name: 'Xem trước' }).click();
  await expect(page.locator('.hall-map')).toBeVisible();
  await expect(page.getByText('QCVN 06:2022/BXD, 3.2.5')).toBeVisible();
  await seen(page, info, `hall-${info.project.name}`);
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.getByText('Đã lưu hội trường.')).toBeVisible();
  const file = await page.request.get(`/hoi-truong/${slug}/pretix.json`);
  const copy = info.outputPath('plan.json');
  writeFileSync(copy, await file.body());
  await page.goto('/hoi-truong/nhap');
  await page.getByLabel('Tên trong địa chỉ').fill(`ban-sao-${info.project.name}`);
  await page.getByLabel('Tệp sơ đồ').setInputFiles(copy);
  await page.getByRole('button', { name: 'Nhập' }).click();
  await expect(page.getByText('Đã nhập hội trường.')).toBeVisible();
  await seen(page, info, `imported-${info.project.name}`);
  expect(wrong).toEqual([]);
});
