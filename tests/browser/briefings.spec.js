// The weekly loop with secretary and leader at two screens: from frozen figures to a signed notice and a task
// that the focal officer has acknowledged.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test, expect, wire, clean, fits, watch } from './demo.js';

test.describe.configure({ mode: 'serial' });

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** The address of the meeting that comes next. */
async function next(page) {
  await page.goto('/giao-ban');
  const href = await page.locator('.meet-next h2 a').getAttribute('href');
  return href;
}

/** Types a conclusion and waits until the server has it. */
async function conclude(page, text) {
  const rows = await page.locator('[data-conclusion]').count();
  await page.locator('#typed').fill(text);
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-conclusion]')).toHaveCount(rows + 1);
}

/** Chooses what becomes of the conclusion that has the focus, by its number key. */
async function dispose(page, row, number) {
  await row.focus();
  await page.keyboard.press(String(number));
  await expect(row.locator(`[data-number="${number}"]`)).toHaveAttribute('aria-pressed', 'true');
}

/** The words of a file that the page offers. */
async function words(page, href, info, name) {
  const answer = await page.request.get(href);
  expect(answer.status(), href).toBe(200);
  const file = info.outputPath(name);
  writeFileSync(file, await answer.body());
  if (name.endsWith('.pdf')) return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return execFileSync('unzip', ['-p', file, 'word/document.xml'], { encoding: 'utf8' }).replace(/<[^>]+>/g, ' ');
}

test('before: the figures are frozen, the agenda has filled itself, the frozen stands beside the present', async ({ seats }, info) => {
  const page = await seats('secretary');
  const here = await next(page);
  await page.goto(here);
  await expect(page.locator('.stage-title')).toHaveText('Số liệu đã chốt');
  await expect(page.locator('.loop [aria-current=step]')).toContainText('Đã chốt số liệu');
  await expect(page.locator('#frozen-title')).toContainText('16:00 25/09/2025');
  await expect(page.locator('.figures .share').first()).toHaveText(/^\d+\/40$/);
  await expect(page.locator('.hash code')).toHaveText(/^[0-9a-f]{64}$/);
  expect(await page.locator('.agenda > li').count()).toBeGreaterThan(3);
  await expect(page.locator('#da-thay-doi h2')).toContainText('2 nhiệm vụ đã thay đổi sau khi chốt');
  await expect(page.locator('#da-thay-doi .both').first()).toContainText('Lúc chốt');
  await expect(page.locator('#da-thay-doi .both').first()).toContainText('Hiện nay');
  await expect(page.locator('#so-tuan-truoc .deltas')).toContainText(/xong|quá hạn|lùi hạn/);
  await fits(page);
  await clean(page);
  await page.screenshot({ path: info.outputPath('before.png'), fullPage: true });
});

test('from the meeting to a signed notice and an acknowledged task', async ({ seats, demo }, info) => {
  test.skip(info.project.name !== 'desk', 'the leader is on a telephone, the secretary at a desk, in one run');
  test.setTimeout(180_000);
  const secretary = await seats('secretary', DESK);
  const leader = await seats('leader', PHONE);
  const wrong = [watch(secretary, demo), watch(leader, demo)];
  const here = await next(secretary);
  await leader.goto(here);
  await expect(leader.locator('.stage-title')).toHaveText('Số liệu đã chốt');

  // The meeting opens: the leader's telephone follows without a touch.
  await secretary.goto(here);
  await secretary.getByRole('button', { name: 'Mở phiên họp' }).click();
  await expect(secretary.locator('#typed')).toBeVisible();
  await expect(leader.locator('.stage-title')).toHaveText('Đang họp');

  // A second secretary, the wall and the presenter look on.
  const second = await seats('secretary', DESK);
  await second.goto(`${here}/bien-ban`);
  const wall = await seats('leader', { viewport: { width: 1600, height: 900 } });
  await wall.goto(`${here}/tuong`);
  await expect(wall.locator('.now .count')).toContainText('Mục 1/');
  const presenter = await seats('organiser', PHONE);
  await presenter.goto(`${here}/trinh-bay`);
  await expect(presenter.locator('.count')).toContainText('Mục 1/');

  // By keyboard alone: @ completes a unit, shortcuts are understood, Enter writes it down, 1 assigns it.
  await secretary.locator('#typed').focus();
  await secretary.keyboard.type('Bố trí 02 xe dự phòng cho tuyến Côn Đảo @van phong');
  await expect(secretary.locator('#choices-list [role=option]').first()).toContainText('Văn phòng Thành ủy');
  await secretary.keyboard.press('Enter');
  await secretary.keyboard.type('/sp 01 bảng chuyến đã duyệt /hạn 30/9 #HC-02');
  await expect(secretary.locator('#understood')).toContainText('Chủ trì: Văn phòng Thành ủy');
  await expect(secretary.locator('#understood')).toContainText('hạn 30/09/2025');
  await secretary.keyboard.press('Escape');
  await secretary.keyboard.press('Enter');
  const first = secretary.locator('[data-conclusion]').first();
  await expect(first).toContainText('①');
  await expect(second.locator('[data-conclusion]').first(), 'the other secretary sees it').toContainText('Bố trí 02 xe dự phòng');
  await expect(wall.locator('aside')).toContainText('Bố trí 02 xe dự phòng');
  await secretary.keyboard.press('ArrowUp');
  await expect(first).toBeFocused();
  await secretary.keyboard.press('1');
  await expect(first.locator('[data-number="1"]')).toHaveAttribute('aria-pressed', 'true');
  await expect(first, 'the focus stays').toBeFocused();

  // The room moves on with the secretary.
  await secretary.keyboard.press('Control+ArrowRight');
  await expect(wall.locator('.now .count')).toContainText('Mục 2/');
  await expect(presenter.locator('.count')).toContainText('Mục 2/');

  await conclude(secretary, 'Ghi nhận báo cáo của các đơn vị');
  await dispose(secretary, secretary.locator('[data-conclusion]').nth(1), 4);
  await conclude(secretary, 'Lùi hạn để đủ hồ sơ #DB-04 /hạn 7/10');
  await dispose(secretary, secretary.locator('[data-conclusion]').nth(2), 3);

  // Two deadlines: warned while typing, refused beside the line, split in one press.
  await secretary.locator('#typed').fill('Hoàn thành bảng chỉ dẫn @Văn phòng Thành ủy /sp 01 bộ /hạn 29/9 và /hạn 3/10 #DD-05');
  await expect(secretary.locator('#understood')).toContainText('2 thời hạn');
  await secretary.keyboard.press('Enter');
  const fourth = secretary.locator('[data-conclusion]').nth(3);
  await expect(fourth).toContainText('④');
  await dispose(secretary, fourth, 1);
  await expect(fourth).toContainText('2 thời hạn');
  await fourth.focus();
  await secretary.keyboard.press('Enter');
  await secretary.getByRole('button', { name: 'Tách thành 2 kết luận' }).click();
  await expect(secretary.locator('[data-conclusion]')).toHaveCount(5);
  await expect(secretary.locator('[data-conclusion] .why-not')).toHaveCount(0);
  await clean(secretary);
  await secretary.screenshot({ path: info.outputPath('desk.png') });
  await wall.screenshot({ path: info.outputPath('wall.png') });
  await presenter.screenshot({ path: info.outputPath('presenter.png') });
  await fits(presenter);
  await clean(presenter);
  await clean(wall);

  // The cable breaks while a line is typed: it waits on the device, goes out later, and stands once.
  const line = await wire(demo);
  const far = await seats('secretary', { ...DESK, baseURL: line.url });
  await far.goto(`${here}/bien-ban`);
  await expect(far.locator('[data-conclusion]')).toHaveCount(5);
  line.cut();
  await far.locator('#typed').fill('Giữ nguyên phương án dự phòng đã duyệt');
  await far.keyboard.press('Enter');
  await expect(far.locator('[data-outbox] li')).toContainText('Giữ nguyên phương án dự phòng');
  await expect(far.locator('[data-outbox] li')).toContainText('đang chờ gửi');
  await far.waitForTimeout(3500);
  line.mend();
  await expect(far.locator('[data-outbox]')).toBeHidden({ timeout: 20_000 });
  await expect(second.locator('[data-conclusion]', { hasText: 'Giữ nguyên phương án dự phòng' })).toHaveCount(1);
  await far.close();
  line.close();
  await expect(secretary.locator('[data-conclusion]')).toHaveCount(6);
  await dispose(secretary, secretary.locator('[data-conclusion]').nth(5), 4);

  // Who came.
  await secretary.goto(`${here}/thanh-phan`);
  await secretary.getByRole('button', { name: 'Còn lại đều có mặt' }).click();
  await expect(secretary.locator('#thanh-phan')).toContainText(/có mặt (\d+)\/\1/);

  // Closed by the secretary, signed by the leader on the telephone.
  await secretary.goto(`${here}/bien-ban`);
  await secretary.getByRole('button', { name: 'Khóa biên bản, trình ký' }).click();
  await secretary.locator('#confirm').getByRole('button', { name: 'Khóa biên bản, trình ký' }).click();
  await expect(secretary.locator('.stage-title')).toHaveText('Chờ ký biên bản');
  await expect(leader.locator('.stage-title')).toHaveText('Chờ ký biên bản');
  const late = await seats('leader', DESK);
  await late.goto(`${here}/ky`);
  await leader.getByRole('link', { name: 'Xem lại và ký' }).click();
  await expect(leader.locator('.will')).toContainText('nhiệm vụ lùi hạn');
  await expect(leader.locator('.why-not')).toHaveCount(0);
  await fits(leader);
  await clean(leader);
  await leader.screenshot({ path: info.outputPath('sign-phone.png'), fullPage: true });
  await leader.getByRole('button', { name: 'Ký biên bản' }).click();
  await expect(leader.locator('#confirm-text')).toContainText('Ký một lần');
  await leader.locator('#confirm').getByRole('button', { name: 'Ký biên bản' }).click();
  await expect(leader.locator('.stage-title')).toHaveText('Biên bản đã ký');

  // A second signature is refused, with who and when; so is an edit.
  await late.getByRole('button', { name: 'Ký biên bản' }).click();
  await late.locator('#confirm').getByRole('button', { name: 'Ký biên bản' }).click();
  await expect(late.locator('[role=alert]').first()).toContainText(/đã được .* ký lúc/);
  await expect(second.locator('[data-conclusion] a[data-edit]'), 'no way to edit is offered').toHaveCount(0);
  const refused = await secretary.request.post(`${here}/ket-luan`, {
    form: { id: '00000000-0000-4000-8000-000000000001', typed: 'Thêm sau khi ký' },
    headers: { accept: 'application/json', origin: demo.url },
  });
  expect(refused.status(), 'edit after the signature').toBe(409);
  expect((await refused.json()).detail).toMatch(/đã được .* ký lúc/);

  // The notice takes the next number of the register; its words are in PDF and DOCX.
  await secretary.goto(`${here}/van-ban/thong-bao`);
  await expect(secretary.locator('.official')).toContainText('DỰ THẢO');
  await secretary.getByRole('button', { name: 'Ban hành thông báo' }).click();
  await secretary.locator('#confirm').getByRole('button', { name: 'Ban hành thông báo' }).click();
  await expect(secretary.locator('.official')).toContainText(/Số \d\d-TB\//);
  await expect(secretary.locator('.official')).not.toContainText('DỰ THẢO');
  await clean(secretary);
  await fits(secretary);
  await secretary.screenshot({ path: info.outputPath('notice.png'), fullPage: true });
  const pdf = await words(secretary, `${here}/van-ban/thong-bao.pdf`, info, 'thong-bao.pdf');
  for (const part of ['ĐẢNG CỘNG SẢN VIỆT NAM', 'THÔNG BÁO', 'Bố trí 02 xe dự phòng', 'không phát sinh nhiệm vụ', 'Nơi nhận:']) expect(pdf, part).toContain(part);
  const docx = await words(secretary, `${here}/van-ban/thong-bao.docx`, info, 'thong-bao.docx');
  expect(docx).toContain('Bố trí 02 xe dự phòng');
  const minutes = await words(secretary, `${here}/van-ban/bien-ban.pdf`, info, 'bien-ban.pdf');
  for (const part of ['BIÊN BẢN', 'NGƯỜI GHI BIÊN BẢN', 'CHỦ TRÌ HỘI NGHỊ', 'Mã băm SHA-256']) expect(minutes, part).toContain(part);
  const report = await words(secretary, `${here}/van-ban/bao-cao.pdf`, info, 'bao-cao.pdf');
  for (const part of ['I- Kết quả', 'IV- Kiến nghị', 'PHỤ LỤC', 'DB-01']) expect(report, part).toContain(part);

  // The task reached the register with the notice as its basis, and the focal officer acknowledges it.
  await secretary.goto(here);
  const came = secretary.locator('#k-1 .came a').first();
  const code = await came.textContent();
  await expect(secretary.locator('#k-1 .came')).toContainText('Chờ tiếp nhận');
  const focal = await seats('focal officer', DESK);
  await focal.goto(`/nhiem-vu/${code}`);
  await expect(focal.locator('#task')).toContainText('-TB/');
  await focal.getByRole('button', { name: 'Tiếp nhận' }).click();
  await expect(focal.locator('#task')).toContainText('Đã tiếp nhận');
  await expect(secretary.locator('#k-1 .came'), 'measured on the page of the meeting').toContainText('Đã tiếp nhận');
  await expect(secretary.locator('#ket-luan h2')).toContainText(/Tiếp nhận 1\/\d/);
  expect(wrong.flat(), 'console and network').toEqual([]);
});

test('a supplementary record corrects what was signed, signed on its own, shown beside the original', async ({ seats }, info) => {
  test.skip(info.project.name !== 'desk', 'follows the meeting that was signed there');
  const secretary = await seats('secretary', DESK);
  await secretary.goto('/giao-ban');
  await secretary.locator('tbody tr').first().locator('a').first().click();
  await secretary.getByRole('link', { name: 'Lập biên bản bổ sung' }).click();
  await secretary.locator('#reason').fill('Ghi nhầm số lượng xe');
  await secretary.locator('#text').fill('Bố trí 03 xe dự phòng');
  await secretary.getByRole('button', { name: 'Lưu dự thảo bổ sung' }).click();
  await expect(secretary.locator('.official')).toContainText('Ghi nhầm số lượng xe');
  await expect(secretary.locator('.official')).toContainText('DỰ THẢO');
  const leader = await seats('leader', PHONE);
  await leader.goto(new URL(secretary.url()).pathname);
  await leader.getByRole('button', { name: 'Ký biên bản' }).click();
  await leader.locator('#confirm').getByRole('button', { name: 'Ký biên bản' }).click();
  await expect(leader.locator('.official')).not.toContainText('DỰ THẢO');
  await expect(leader.locator('.official-foot')).toContainText('SHA-256');
  await fits(leader);
  await clean(leader);
});

test('pages of the meeting: clean, no wider than the window, complete in English', async ({ seats, demo }, info) => {
  test.setTimeout(120_000);
  const page = await seats('organiser');
  const wrong = watch(page, demo);
  await page.goto('/giao-ban');
  const here = await page.locator('tbody tr').last().locator('a').first().getAttribute('href');
  const open = await ((await page.locator('.meet-next h2 a').count()) > 0 ? page.locator('.meet-next h2 a').getAttribute('href') : null);
  const paths = ['/giao-ban', '/giao-ban/moi', '/giao-ban/loat/moi', here, `${here}/van-ban/bien-ban`, `${here}/van-ban/thong-bao`, `${here}/van-ban/bao-cao`, `${here}/thanh-phan`];
  if (open && info.project.name === 'phone') paths.push(open, `${open}/sua`, `${open}/buoc/cancel`, `${open}/trinh-bay`, `${open}/muc/moi`);
  for (const path of paths) {
    await test.step(path, async () => {
      const answer = await page.goto(path);
      expect.soft(answer.status(), path).toBe(200);
      await expect.soft(page.locator('h1'), path).toHaveCount(1);
      const text = await page.locator('body').innerText();
      expect.soft(text.match(/(?:meet|briefing)-[a-z_]+(?:-[a-z0-9_]+)*/)?.[0] ?? '', `${path}: words`).toBe('');
      await expect.soft(fits(page), path).resolves.toBeUndefined();
      await expect.soft(clean(page), path).resolves.toBeUndefined();
      await page.screenshot({ path: info.outputPath(`${path.replaceAll('/', '_').slice(-40)}.png`), fullPage: true });
    });
  }
  await page.goto(`${here}?lang=en`);
  await expect(page.locator('#papers-title')).toHaveText('Papers of the meeting');
  expect(wrong, 'console and network').toEqual([]);
});
