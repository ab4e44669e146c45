// The life of a task, from a draft that is not clear to its acceptance, and what happens when something goes wrong
// on the way: nothing typed is lost, and every refusal is a sentence.
import { test, expect, clean, fits } from './demo.js';

/** A small PDF that is one. */
function pdf(text) {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length + 40} >>\nstream\nBT /F1 18 Tf 72 770 Td (${text}) Tj ET\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.7\n';
  const places = objects.map((object, i) => {
    const at = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  return Buffer.from(`${body}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`, 'latin1');
}

const confirm = (page) => page.locator('#confirm button[value=yes]').click();
const state = (page) => page.locator('.task-badges');
const field = (page, name) => page.locator(`.task-form [name="${name}"]`).first();
const choose = (page, name, words) => field(page, name).selectOption({ label: words });

/** The label of the first choice that contains the words. */
async function label(page, name, words) {
  const all = await field(page, name).locator('option').allTextContents();
  return all.find((one) => one.includes(words)) ?? `none of ${all.length} contains ${words}`;
}
const pick = async (page, name, words) => choose(page, name, await label(page, name, words));

test.describe.serial('from a draft to acceptance', () => {
  test('an unclear task is not assigned; each reason is a sentence; clear to six of six it is proposed', async ({ seats }) => {
    const page = await seats('organiser');
    await page.goto('/nhiem-vu/moi');
    await field(page, 'code').fill('PV-07');
    await field(page, 'what').fill('Tăng cường công tác phục vụ đại biểu');
    // The lint follows what is typed, without a button.
    await expect(page.locator('#ro-what')).toContainText('“Tăng cường” là ý định');
    await expect(page.locator('#ro-score')).toContainText('0/6');
    await clean(page);
    await fits(page);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await expect(page).toHaveURL(/\/nhiem-vu\/PV-07/);
    await expect(page.locator('main')).toContainText('Chưa có đơn vị chủ trì');
    await page.getByRole('button', { name: 'Đề xuất giao' }).click();
    await expect(state(page)).toContainText('Đề xuất');

    const leader = await seats('leader');
    await leader.goto('/nhiem-vu/PV-07');
    await leader.getByRole('link', { name: 'Duyệt giao' }).click();
    await expect(leader.locator('main')).toContainText('Chưa giao được vì:');
    for (const why of ['Chưa có đơn vị chủ trì', 'Chưa có hạn', 'Chưa có lãnh đạo chịu trách nhiệm', 'Chưa ghi kết quả']) {
      await expect(leader.locator('main')).toContainText(why);
    }
    await clean(leader);
    await leader.goto('/nhiem-vu/duyet-giao');
    await expect(leader.locator('tr', { hasText: 'PV-07' })).toContainText('/6');
    await expect(leader.getByRole('button', { name: 'Duyệt giao các việc đã chọn' })).toBeVisible();

    await page.goto('/nhiem-vu/PV-07/sua');
    await field(page, 'stream').fill('Hậu cần');
    await pick(page, 'lead_unit', 'Văn phòng Thành ủy');
    await pick(page, 'focal_office', 'Cán bộ đầu mối Văn phòng Thành ủy');
    await field(page, 'what').fill('Lập phương án đón tiếp đại biểu tại nhà ga và sân bay');
    await field(page, 'basis_symbol').fill('15-KH/TBPV');
    await field(page, 'basis_clause').fill('mục II, nhiệm vụ 41');
    await field(page, 'start').fill('27/09/2025');
    await field(page, 'due').fill('16:00 03/10/2025');
    await field(page, 'authority').fill('Chủ trì tự quyết cách bố trí; vượt dự toán xin ý kiến Chánh Văn phòng');
    await pick(page, 'approver_office', 'Trưởng Tiểu ban Tổ chức phục vụ');
    await pick(page, 'accountable_office', 'Chánh Văn phòng Thành ủy');
    await field(page, 'result').fill('01 phương án được duyệt, 12 bảng phân công đón theo tổ');
    await field(page, 'acceptance').fill('Đủ 12 tổ; có số liên hệ trực từng điểm');
    await pick(page, 'acceptor_office', 'Trưởng Tiểu ban Tổ chức phục vụ');
    await page.locator('input[name=evidence_kinds][value=van_ban]').check();
    await expect(page.locator('#ro-score')).toContainText('6/6');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await expect(page).toHaveURL(/\/nhiem-vu\/PV-07(\?|$)/);
    await expect(state(page)).toContainText('Độ rõ 6/6');
    await clean(page);
    await fits(page);
  });

  test('the leader approves; the focal officer acknowledges and reports with the keyboard alone in half a minute', async ({ seats }) => {
    const leader = await seats('leader');
    await leader.goto('/nhiem-vu/duyet-giao');
    await leader.locator('tr', { hasText: 'PV-07' }).locator('input[type=checkbox]').check();
    await leader.getByRole('button', { name: 'Duyệt giao các việc đã chọn' }).click();
    await confirm(leader);
    // What was decided is on the page before the leader goes on: going earlier would break off the sending.
    await expect(leader.locator('tr', { hasText: 'PV-07' })).toHaveCount(0);
    await leader.goto('/nhiem-vu/PV-07');
    await expect(state(leader)).toContainText('Đã duyệt giao');

    const page = await seats('focal officer');
    await page.goto('/viec-cua-toi');
    await expect(page.locator('main')).toContainText('PV-07');
    const start = Date.now();
    const keys = async (...all) => { for (const key of all) await page.keyboard.press(key); };
    /** Tab until the focus is where somebody looks for it; a person does the same. */
    const reach = async (words) => {
      for (let i = 0; i < 80; i += 1) {
        const here = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
        if (here === words) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`“${words}” is not reached by Tab`);
    };
    await page.goto('/nhiem-vu/PV-07');
    await reach('Tiếp nhận');
    await keys('Enter');
    await expect(state(page)).toContainText('Đã tiếp nhận');
    await page.locator('#main').focus();
    await reach('Báo cáo tiến độ');
    await keys('Enter');
    await expect(page.locator('#percent'), 'the form waits at its first field').toBeFocused();
    await keys('Control+a');
    await page.keyboard.type('35');
    await keys('Tab');
    await page.keyboard.type('Đã khảo sát nhà ga và sân bay.');
    await keys('Tab', 'Tab');
    await page.keyboard.type('Đề nghị Công an Thành phố dẫn đường hai đoàn xe.');
    await reach('Gửi báo cáo');
    await keys('Enter');
    await expect(page.locator('.timeline').first()).toContainText('Đã khảo sát nhà ga và sân bay.');
    expect(Date.now() - start, 'ms').toBeLessThan(30_000);
    await expect(state(page), 'the first report starts the work').toContainText('Đang thực hiện');
  });

  test('evidence, submission, return with a reason, again, acceptance', async ({ seats }) => {
    const page = await seats('focal officer');
    await page.goto('/nhiem-vu/PV-07');
    await page.getByRole('button', { name: 'Trình sản phẩm' }).click();
    await confirm(page);
    await expect(page.locator('main')).toContainText('Chưa đủ minh chứng');
    await page.goto('/nhiem-vu/PV-07/minh-chung');
    await page.locator('#file').setInputFiles({ name: 'phuong-an.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>no pdf</html>') });
    await page.getByRole('button', { name: 'Nộp' }).click();
    await expect(page.locator('#file-error')).not.toBeEmpty();
    await clean(page);
    await fits(page);
    await page.locator('#note').fill('Bản trình lần một');
    await page.locator('#file').setInputFiles({ name: 'Phương án đón tiếp.pdf', mimeType: 'application/pdf', buffer: pdf('Phuong an don tiep') });
    await page.getByRole('button', { name: 'Nộp' }).click();
    await expect(page.locator('.files')).toContainText('Phương án đón tiếp.pdf');
    await expect(page.locator('.files code')).toHaveText(/^[0-9a-f]{8,}/);
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.files a').first().click()]);
    expect(file.suggestedFilename()).toMatch(/\.pdf$/);
    await page.getByRole('button', { name: 'Trình sản phẩm' }).click();
    await confirm(page);
    await expect(state(page)).toContainText('Trình sản phẩm');

    const leader = await seats('leader');
    await leader.goto('/nhiem-vu/PV-07');
    await leader.getByRole('link', { name: 'Yêu cầu bổ sung' }).click();
    await leader.getByLabel('Thiếu so với yêu cầu').check();
    await leader.getByLabel('Lý do', { exact: false }).last().fill('Thiếu phương án khi chuyến bay chậm.');
    await leader.getByRole('button', { name: 'Yêu cầu bổ sung' }).click();
    await expect(state(leader)).toContainText('Yêu cầu bổ sung');

    await page.goto('/viec-cua-toi');
    await expect(page.locator('section', { hasText: 'Bị trả lại, cần bổ sung' }).last()).toContainText('PV-07');
    await page.goto('/nhiem-vu/PV-07');
    await expect(page.locator('main')).toContainText('Thiếu phương án khi chuyến bay chậm.');
    await page.getByRole('button', { name: 'Trình sản phẩm' }).click();
    await confirm(page);
    await leader.goto('/nhiem-vu/PV-07');
    await leader.getByRole('button', { name: 'Nghiệm thu' }).click();
    await confirm(leader);
    await expect(state(leader)).toContainText('Hoàn thành');
    await expect(leader.locator('main')).toContainText('nghiệm thu: ');
    await clean(leader);
    await fits(leader);
  });
});

test('more time is asked for with its effect in view, and decided with the keyboard alone', async ({ seats }) => {
  const focal = await seats('focal officer 2');
  await focal.goto('/nhiem-vu/DB-01/gia-han');
  await focal.getByLabel('Hạn đề nghị').fill('05/10/2025');
  const effect = focal.locator('#effect');
  await expect(effect, 'a Sunday is asked about').toContainText('Chủ nhật');
  await expect(effect).toContainText('DB-03');
  await expect(effect).toContainText('DB-04');
  await focal.getByLabel('Hạn đề nghị').fill('06/10/2025');
  await expect(effect).not.toContainText('Chủ nhật');
  await focal.getByLabel('Lý do').fill('03 đảng bộ gửi sai mẫu; đã đối chiếu 11/12 tổ.');
  await clean(focal);
  await fits(focal);
  await focal.getByRole('button', { name: 'Gửi đề nghị' }).click();
  await expect(focal.locator('main')).toContainText('06/10/2025');

  const page = await seats('leader');
  await page.goto('/viec-cua-toi');
  await expect(page.locator('main')).toContainText('DB-01');
  await page.goto('/nhiem-vu/DB-01');
  const reach = async (words) => {
    for (let i = 0; i < 80; i += 1) {
      const here = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
      if (here === words) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`“${words}” is not reached by Tab`);
  };
  await reach('Xem và quyết định');
  await page.keyboard.press('Enter');
  await expect(page.locator('.deadlines')).toContainText('06/10/2025');
  await expect(page.locator('main'), 'the effect stands above the buttons').toContainText('DB-03');
  await reach('Đồng ý');
  await page.keyboard.press('Enter');
  await expect(page.locator('#confirm')).toContainText('DB-01');
  await reach('Đồng ý');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Đồng ý', exact: true })).toHaveCount(0);
  await expect(page.locator('main')).toContainText('Đồng ý');
  await page.goto('/nhiem-vu/DB-01');
  await expect(page.locator('.task-facts')).toContainText('06/10/2025');
  await expect(page.locator('.task-facts s'), 'the original deadline stays').toContainText('24/09/2025');
});

test('an urge has a receipt, and the next one waits', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/HC-01/don-doc');
  await expect(page.locator('.ladder li[aria-current=step]')).toContainText('Nhắc cán bộ đầu mối');
  await page.getByRole('button', { name: 'Đôn đốc' }).click();
  await confirm(page);
  await page.waitForURL(/\/nhiem-vu\/HC-01(\?|$)/);
  const urge = page.locator('section', { has: page.locator('#urges-title') });
  await expect(urge).toContainText('chưa xem');
  const focal = await seats('focal officer');
  await focal.goto('/nhiem-vu/HC-01');
  await expect(focal.locator('main')).toContainText('đôn đốc chưa xem');
  // Having it open for a second is the receipt, and the organiser sees it without a reload.
  await expect(urge).toContainText('đã xem', { timeout: 10_000 });
  await page.goto('/nhiem-vu/HC-01/don-doc');
  await expect(page.locator('main')).toContainText('Vừa đôn đốc gần đây. Được đôn đốc tiếp từ');
  await expect(page.getByRole('button', { name: 'Đôn đốc' })).toBeDisabled();
});

test('two people edit one task: the second chooses, and nothing is lost', async ({ seats }) => {
  const first = await seats('organiser');
  const second = await seats('organiser');
  for (const page of [first, second]) {
    await page.goto('/nhiem-vu/VK-03/sua');
    await expect(field(page, 'what')).toBeVisible();
  }
  await field(first, 'scope').fill('Bản của người thứ nhất');
  await field(first, 'escalation').fill('Báo cáo Thường trực Thành ủy trong ngày');
  await field(first, 'reason').fill('Rõ thêm phạm vi.');
  await first.getByRole('button', { name: 'Lưu' }).click();
  await expect(first).toHaveURL(/\/nhiem-vu\/VK-03(\?|$)/);
  await field(second, 'scope').fill('Bản của người thứ hai');
  await field(second, 'acceptance').fill('Mỗi chỉ tiêu có đơn vị đo, năm và cơ quan chịu trách nhiệm');
  await field(second, 'reason').fill('Rõ thêm tiêu chí.');
  await second.getByRole('button', { name: 'Lưu' }).click();
  await expect(second.locator('h1')).toContainText('hai người cùng sửa');
  await expect(second.locator('main')).toContainText('Bản của người thứ nhất');
  await expect(second.locator('main')).toContainText('Bản của người thứ hai');
  await expect(second.locator('main'), 'what only the other changed is taken').toContainText('Báo cáo Thường trực Thành ủy trong ngày');
  await clean(second);
  await fits(second);
  await second.locator('input[name="choose-scope"][value=theirs]').check();
  await second.getByRole('button', { name: 'Lưu theo lựa chọn' }).click();
  await expect(second).toHaveURL(/\/nhiem-vu\/VK-03(\?|$)/);
  for (const words of ['Bản của người thứ nhất', 'Báo cáo Thường trực Thành ủy trong ngày', 'Mỗi chỉ tiêu có đơn vị đo, năm và cơ quan chịu trách nhiệm']) {
    await expect(second.locator('.six')).toContainText(words);
  }
});

test('what is typed while the connection is lost is there again afterwards', async ({ seats }) => {
  const page = await seats('focal officer');
  await page.goto('/nhiem-vu/DB-05/bao-cao');
  await page.context().setOffline(true);
  await page.locator('#percent').fill('48');
  await page.locator('#done').fill('Đã duyệt mẫu thẻ tám loại.');
  await expect(page.locator('#offline')).toContainText('chữ đang gõ được giữ lại');
  await page.waitForTimeout(500);
  await page.getByRole('button', { name: 'Gửi báo cáo' }).click().catch(() => {});
  await page.waitForTimeout(300);
  await page.context().setOffline(false);
  await page.goto('/nhiem-vu');
  await page.goto('/nhiem-vu/DB-05/bao-cao');
  await expect(page.locator('#done')).toHaveValue('Đã duyệt mẫu thẻ tám loại.');
  await expect(page.locator('#percent')).toHaveValue('48');
  await expect(page.locator('#toasts')).toContainText('Đã khôi phục phần đang gõ dở');
  await clean(page);
  await page.getByRole('button', { name: 'Gửi báo cáo' }).click();
  await expect(page).toHaveURL(/\/nhiem-vu\/DB-05(\?|$)/);
  await page.goto('/nhiem-vu/DB-05/bao-cao');
  await expect(page.locator('#done'), 'and forgotten once the server has it').toHaveValue('');
});

test('each wrong value is named beside its field, and the rest is kept', async ({ seats }) => {
  const page = await seats('organiser');
  const said = (name) => page.locator(`#${name}-error`);
  await page.goto('/nhiem-vu/moi');
  await field(page, 'code').fill('PV-08');
  await field(page, 'what').fill('Lập danh sách xe dự phòng cho 12 tổ đại biểu');
  await field(page, 'due').fill('09/30/2025');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(said('due')).toContainText('tháng trước ngày. Có phải ý là 30/09/2025');
  await expect(page.locator('[data-focus]'), 'the focus goes to the count').toBeFocused();
  await expect(field(page, 'what')).toHaveValue('Lập danh sách xe dự phòng cho 12 tổ đại biểu');
  await expect(field(page, 'due')).toHaveValue('09/30/2025');
  await clean(page);
  await fits(page);

  await field(page, 'due').fill('05/10/1900');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(said('due')).toContainText('Năm 1900 không hợp lệ');

  // A deadline in the past is a reason not to assign, said as it is typed.
  await field(page, 'due').fill('01/09/2025');
  await expect(page.locator('#ro-when')).toContainText('đã qua');

  await field(page, 'due').fill('02/10/2025');
  await field(page, 'code').fill('DB-01');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(said('code')).toContainText('Mã DB-01 đã dùng trong kế hoạch này');
  await expect(field(page, 'what')).toHaveValue('Lập danh sách xe dự phòng cho 12 tổ đại biểu');
  await expect(field(page, 'due')).toHaveValue('02/10/2025');
  await clean(page);
});

test('two leads in the words of a task are named; the form takes only one', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/moi');
  await expect(page.locator('select[name=lead_unit][multiple]')).toHaveCount(0);
  // A second lead sent past the form is refused with the sentence, and one who leads does not coordinate as well.
  await field(page, 'code').fill('PV-09');
  await pick(page, 'lead_unit', 'Văn phòng Thành ủy');
  await pick(page, 'support_unit', 'Văn phòng Thành ủy');
  await field(page, 'support_contribution').fill('Cung cấp số liệu');
  await expect(page.locator('#ro-who')).toContainText('vừa chủ trì vừa ghi ở phối hợp');
});

test('a secret task counts and shows nothing', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/moi');
  await field(page, 'code').fill('AN-09');
  await field(page, 'confidentiality').selectOption('mat');
  await field(page, 'what').fill('Nội dung không được ở đây');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.locator('main')).toContainText('Bỏ phần nội dung');
  await field(page, 'what').fill('');
  await pick(page, 'lead_unit', 'Công an Thành phố');
  await field(page, 'due').fill('10/10/2025');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page).toHaveURL(/\/nhiem-vu\/AN-09/);
  await expect(page.locator('main')).toContainText('Nội dung theo dõi ngoài hệ thống');
  await clean(page);

  for (const role of ['organiser', 'focal officer', 'leader']) {
    const other = await seats(role);
    await other.goto('/nhiem-vu?q=AN-09');
    const row = other.locator('tr[id^="t-"]');
    await expect(row).toHaveCount(1);
    await expect(row).toContainText('Nhiệm vụ mật, theo dõi ngoài hệ thống');
    expect(await other.content()).not.toContain('Nội dung không được ở đây');
  }
});
