// Venues: the survey form offline on a phone, two devices on one form, the choice on one page, weights from pairs,
// and a decision whose work stands in the register.
import { test, expect, clean, fits, watch } from './demo.js';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' };

/** Opens the form of venue D, which is still being surveyed, and waits until the phone has it whole. */
async function openForm(page) {
  await page.goto('/dia-diem/khao-sat');
  await page.locator('.my-surveys a', { hasText: 'Nhà văn hóa' }).click();
  await expect(page.locator('[data-survey][data-ready]')).toBeVisible();
  await expect(page.locator('[data-kept]')).toBeVisible({ timeout: 20_000 });
}

const bar = (page) => page.locator('[data-bar] span');

/** Rates a criterion and waits until the phone has written it down. */
async function rate(page, code, value) {
  await page.evaluate((id) => { location.hash = id; }, code);
  await page.locator(`#${code} .scale label`, { hasText: new RegExp(`^${value}$`) }).click();
  await expect(page.locator(`#${code} input[value="${value}"]`)).toBeChecked();
}

/** What the phone keeps, read past the page. */
const kept = (page, store) => page.evaluate((name) => new Promise((resolve, reject) => {
  const request = indexedDB.open('khao-sat');
  request.onsuccess = () => {
    const all = request.result.transaction(name).objectStore(name).getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result.map((one) => ({ ...one, blob: one.blob?.size }))); };
    all.onerror = () => reject(all.error);
  };
  request.onerror = () => reject(request.error);
}), store);

test.describe.configure({ mode: 'serial' });

test('the choice on one page: who may be ranked, totals, how firm, what would turn it', async ({ seats, demo }) => {
  const page = await seats('leader', { reducedMotion: 'reduce' });
  const wrong = watch(page, demo);
  await page.goto('/dia-diem/so-sanh');
  const first = page.locator('.contender').nth(0);
  await expect(first).toContainText('Hội trường học viện');
  await expect(first.locator('.contender-score b')).toHaveText('8,36');
  await expect(page.locator('.contender').nth(1).locator('.contender-score b')).toHaveText('7,47');
  await expect(page.locator('.contender').nth(1)).toContainText('Đạt có điều kiện');
  const out = page.locator('.contender').nth(2);
  await expect(out).toContainText('Nhà hát');
  await expect(out).toContainText('Không xếp hạng');
  await expect(out).toContainText('360 người < 735 người');
  await expect(page.locator('.sure-count b')).toHaveText('22/22');
  await expect(page.locator('.sure-words')).toContainText('A 8,18 – B 7,55');
  await expect(page.locator('.sure-words')).toContainText('nhân ≈ 3,6 lần 4 tiêu chí mà B mạnh hơn (T6, T7, T9, T11)');
  await expect(page.locator('.compare-scores tfoot')).toContainText('(6,24)');
  await expect(page.getByText('Sàng lọc sơ bộ, không thay thế kết luận')).toBeVisible();
  // What the leader reads first stands in the first screen.
  await expect(first.locator('.contender-score b')).toBeInViewport();
  // The picture and the table say the same.
  await page.locator('.numbers summary').click();
  await expect(page.locator('.numbers tbody tr')).toHaveCount(11);
  await clean(page);
  await fits(page);
  for (const [paper, mark] of [['pdf', '%PDF'], ['docx', 'PK']]) {
    const answer = await page.request.get(`/dia-diem/so-sanh.${paper}`);
    expect(answer.status()).toBe(200);
    expect((await answer.body()).subarray(0, mark.length).toString()).toBe(mark);
  }
  expect(wrong).toEqual([]);
});

test('pages of venues are clean for axe, fit the window, and say nothing to the console', async ({ seats, demo }) => {
  test.setTimeout(120_000);
  const page = await seats('organiser', { reducedMotion: 'reduce' });
  const wrong = watch(page, demo);
  for (const path of [
    '/dia-diem', '/dia-diem?q=khong-co', '/dia-diem/A', '/dia-diem/C', '/dia-diem/tieu-chi', '/dia-diem/tieu-chi/sua', '/dia-diem/tieu-chi/so-doi',
    '/dia-diem/chenh-lech', '/dia-diem/trung', '/dia-diem/quyet-dinh', '/dia-diem/dot', '/dia-diem/moi', '/dia-diem/D/sua', '/dia-diem/D/phong/moi', '/dia-diem/D/dieu-kien/K2',
  ]) {
    await test.step(path, async () => {
      const answer = await page.goto(path);
      expect.soft(answer.status(), path).toBe(200);
      await expect.soft(page.locator('h1'), path).toHaveCount(1);
      expect.soft((await page.locator('body').innerText()).match(/(?<![\w/.-])(?:venues?|egress|scoring|ahp)-[a-z_]+[a-z0-9-]*/)?.[0] ?? '', `${path}: words`).toBe('');
      await expect.soft(fits(page), path).resolves.toBeUndefined();
      await expect.soft(clean(page), path).resolves.toBeUndefined();
    });
  }
  expect(wrong).toEqual([]);
});

test('weights from pairs: contradictions are named, the sample comes to CR 0,010', async ({ seats }) => {
  const page = await seats('organiser', { reducedMotion: 'reduce' });
  // One answer turned round: the wizard names the pair and offers what fits.
  await page.goto('/dia-diem/tieu-chi/so-doi?tl=-2_2_3_2_1_-7_4_2_5_3&doi=10');
  await expect(page.locator('.cr')).toContainText('mâu thuẫn');
  await expect(page.getByRole('button', { name: 'Lưu trọng số này' })).toBeDisabled();
  await expect(page.locator('.notice')).toContainText('An toàn so với Hậu cần');
  await clean(page);
  // The last pair by hand, the others from the address.
  await page.goto('/dia-diem/tieu-chi/so-doi?tl=-2_2_3_2_1_4_4_2_5_x');
  await expect(page.getByText('Đôi 10/10')).toBeVisible();
  await page.locator('.choices label', { hasText: 'Công năng' }).click();
  await page.locator('.levels label', { hasText: '3 hơn một chút' }).click();
  await page.getByRole('button', { name: 'Tiếp' }).click();
  await expect(page.locator('.cr b')).toHaveText('0,010');
  await expect(page.locator('.weight-bars')).toContainText('0,396');
  await expect(page.locator('.weight-bars')).toContainText('0,063');
  await expect(page.getByText('λmax 5,046')).toBeVisible();
  await fits(page);
});

test('the survey offline on a phone: reopened without a network, a photograph of 40 MB, sent when it is back, wiped when handed in', async ({ seats, demo }, info) => {
  test.skip(info.project.name === 'desk', 'a phone');
  test.setTimeout(180_000);
  const page = await seats('surveyor 1', PHONE);
  const wrong = watch(page, demo);
  await openForm(page);
  await clean(page);
  await fits(page);
  await rate(page, 'T1', 7);
  await expect(bar(page)).toContainText('Đã gửi hết', { timeout: 20_000 });

  await page.context().setOffline(true);
  await expect(bar(page)).toContainText('Mất mạng từ');
  await rate(page, 'T2', 8);
  await expect(bar(page)).toContainText('1 mục chờ gửi');
  await page.locator('#T2 textarea').fill('Lối ra phía sau bị chắn một nửa.');
  await expect.poll(async () => (await kept(page, 'waiting')).map((one) => one.content.note)).toEqual(['Lối ra phía sau bị chắn một nửa.']);

  // A picture as a good camera writes it: 40 MB of noise.
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 4400;
    canvas.height = 3600;
    const pen = canvas.getContext('2d');
    const noise = new ImageData(256, 256);
    for (let y = 0; y < canvas.height; y += 256) {
      for (let x = 0; x < canvas.width; x += 256) {
        for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(noise.data.subarray(at, at + 65536));
        for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255;
        pen.putImageData(noise, x, y);
      }
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 1));
    const files = new DataTransfer();
    files.items.add(new File([blob], 'IMG_0001.jpg', { type: 'image/jpeg' }));
    const input = document.querySelector('#T2 input[type=file]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return blob.size;
  });
  expect(bytes).toBeGreaterThan(40 * 1024 * 1024);
  await expect(page.locator('#T2 .survey-photos li')).toHaveCount(1, { timeout: 60_000 });
  const [photo] = await kept(page, 'photos');
  expect(photo.blob, 'kept small').toBeLessThan(4 * 1024 * 1024);
  expect(await page.locator('#T2 .survey-photos img').evaluate((img) => Math.max(img.naturalWidth, img.naturalHeight))).toBe(1600);
  await expect(bar(page)).toContainText('1 mục và 1 ảnh chờ gửi');

  // The phone put the page away; it opens again without a network and nothing is lost.
  await page.reload();
  await expect(page.locator('[data-survey][data-ready]')).toBeVisible();
  await expect(page.locator('[data-done]').first()).toHaveText('2/11');
  await page.evaluate(() => { location.hash = 'T2'; });
  await expect(page.locator('#T2 input[value="8"]')).toBeChecked();
  await expect(page.locator('#T2 textarea')).toHaveValue('Lối ra phía sau bị chắn một nửa.');
  await expect(page.locator('#T2 .survey-photos li')).toHaveCount(1);
  await expect(bar(page)).toContainText('1 mục và 1 ảnh chờ gửi');
  await clean(page);

  await page.context().setOffline(false);
  await expect(bar(page)).toContainText('Đã gửi hết', { timeout: 30_000 });
  expect(await kept(page, 'waiting')).toEqual([]);
  await page.reload();
  await page.evaluate(() => { location.hash = 'T2'; });
  await expect(page.locator('#T2 input[value="8"]')).toBeChecked();
  await expect(page.locator('#T2 .survey-photos li')).toHaveCount(1);

  for (const code of ['T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11']) await rate(page, code, 6);
  await expect(bar(page)).toContainText('Đã gửi hết', { timeout: 20_000 });
  await page.evaluate(() => { location.hash = 'tong-quan'; });
  await expect(page.locator('.survey-count b')).toHaveText('11/11');
  await page.getByRole('button', { name: 'Nộp phiếu' }).click();
  await page.locator('#confirm button[value=yes]').click();
  await page.waitForURL(/xong=handed-in/);
  await expect(page.getByText('Điện thoại này không còn giữ dữ liệu')).toBeVisible();
  for (const store of ['answers', 'waiting', 'photos']) expect(await kept(page, store), store).toEqual([]);
  expect(wrong.filter((line) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(line))).toEqual([]);
});

test('two phones on one form, both offline: both records are kept, and a person chooses', async ({ seats }, info) => {
  test.skip(info.project.name === 'desk', 'phones');
  test.setTimeout(120_000);
  const [one, two] = [await seats('surveyor 2', PHONE), await seats('surveyor 2', PHONE)];
  await openForm(one);
  await openForm(two);
  for (const page of [one, two]) {
    await page.context().setOffline(true);
    await expect(bar(page)).toContainText('Mất mạng từ');
  }
  await rate(one, 'T6', 9);
  await rate(two, 'T6', 4);
  await expect(bar(two)).toContainText('1 mục chờ gửi');
  await one.context().setOffline(false);
  await expect(bar(one)).toContainText('Đã gửi hết', { timeout: 20_000 });
  // Merged late.
  await two.context().setOffline(false);
  await expect(two.locator('#T6 [data-problem] p')).toContainText('hai bản ghi khác nhau', { timeout: 20_000 });

  const desk = await seats('organiser', { reducedMotion: 'reduce' });
  await desk.goto('/dia-diem/trung');
  await expect(desk.locator('.two-sides .side')).toHaveCount(2);
  await expect(desk.locator('.two-sides')).toContainText('9 điểm');
  await expect(desk.locator('.two-sides')).toContainText('4 điểm');
  await clean(desk);
  await desk.locator('.side', { hasText: '4 điểm' }).click();
  await desk.getByLabel('Vì sao chọn bản này').fill('Người ở máy thứ hai đã thử dàn âm thanh.');
  await desk.getByRole('button', { name: 'Chọn bản này' }).click();
  await expect(desk.getByText('Không có mục nào ghi trùng')).toBeVisible();
  await two.reload();
  await two.evaluate(() => { location.hash = 'T6'; });
  await expect(two.locator('#T6 input[value="4"]')).toBeChecked();
});

test('a recommendation is not a decision; the signature brings the work into the register', async ({ seats }, info) => {
  test.skip(info.project.name === 'phone', 'each file has one congress, and it is decided once');
  test.setTimeout(120_000);
  const desk = await seats('organiser', { reducedMotion: 'reduce' });
  await desk.goto('/dia-diem/quyet-dinh');
  // Only what is ranked can be recommended: C failed a gate.
  await expect(desk.locator('#venue option')).toHaveText([/^A – /, /^B – /]);
  await desk.locator('#reason').fill('Đứng đầu trong mọi trường hợp đổi trọng số; tận dụng cơ sở sẵn có.');
  await desk.getByRole('button', { name: 'Trình', exact: true }).click();
  await desk.locator('#confirm button[value=yes]').click();
  await expect(desk.getByText('Đề xuất đang chờ')).toBeVisible();

  const leader = await seats('leader', { reducedMotion: 'reduce' });
  await leader.goto('/dia-diem/quyet-dinh');
  await expect(leader.locator('code.hash')).toHaveText(/^[0-9a-f]{64}$/);
  await clean(leader);
  await leader.locator('#reason').fill('Thống nhất chọn Hội trường học viện.');
  await leader.locator('#tc-1').fill('DD-91');
  await leader.locator('#tw-1').fill('Mượn bổ sung hai màn hình cho hội trường');
  await leader.getByRole('button', { name: 'Ký', exact: true }).click();
  await leader.locator('#confirm button[value=yes]').click();
  await expect(leader.getByText('Đã chọn A – Hội trường học viện')).toBeVisible();
  await clean(leader);
  await leader.getByRole('link', { name: 'DD-91' }).click();
  await expect(leader.locator('h1')).toContainText('Mượn bổ sung hai màn hình');
  await leader.goto('/dia-diem/B');
  await expect(leader.locator('.site-states [aria-current]')).toHaveText('Không chọn');
});
