// The way in and out: one-time link, typed code, passkey, password with a six-digit code, and a session ended
// from another device.
import { createHmac } from 'node:crypto';
import { test, expect, clean, fits } from './demo.js';

/** The six digits of an authenticator (RFC 6238). */
function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/[\s=]/g, '').toUpperCase()].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const code = (hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000;
  return String(code).padStart(6, '0');
}

const signedIn = (page) => expect(page.locator('.topbar .who')).toBeVisible();

/** A fresh one-time link for somebody, as the desk would print it. */
async function link(demo, login, home = demo.url) {
  const made = await demo.run('user', 'link', '--login', login, '--json');
  expect(made.code, made.err).toBe(0);
  return `${home}/vao#${JSON.parse(made.out).link.split('#')[1]}`;
}

test('a one-time link opens once, and says so the second time', async ({ demo, browser }) => {
  const printed = demo.links['focal officer 2'];
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto(printed);
  await signedIn(page);
  expect(new URL(page.url()).hash, 'the secret leaves the address').toBe('');
  await context.close();

  const again = await (await browser.newContext()).newPage();
  await again.goto(printed);
  await expect(again.getByRole('alert')).toContainText('không đúng hoặc đã hết hạn');
  await expect(again.locator('.topbar .who')).toHaveCount(0);
  await clean(again);
  await fits(again);
  await again.context().close();
});

test('a typed code works without scripts', async ({ demo, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: demo.url });
  const page = await context.newPage();
  await page.goto('/nhiem-vu');
  await expect(page).toHaveURL(/\/vao/);
  await page.getByLabel('Mã một lần').fill(` ${demo.codes.leader.toLowerCase()} `);
  await page.locator('form[action="/vao/ma"] button').click();
  await signedIn(page);
  await expect(page, 'and goes on to the page that was asked for').toHaveURL(/\/nhiem-vu$/);
  // Reading and the way out work as well.
  await expect(page.locator('table tbody tr[id]')).toHaveCount(40);
  await page.locator('.who summary').click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await expect(page).toHaveURL(/\/vao/);
  await page.goto('/nhiem-vu');
  await expect(page).toHaveURL(/\/vao/);
  await context.close();
});

test('a wrong code is refused with a sentence', async ({ demo, browser }) => {
  const page = await (await browser.newContext({ baseURL: demo.url })).newPage();
  await page.goto('/vao');
  await page.getByLabel('Mã một lần').fill('AAAA-BBBB');
  await page.locator('form[action="/vao/ma"] button').click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Hãy thử lại, hoặc xin mã mới tại bàn hỗ trợ.');
  await expect(alert).toBeFocused();
  await page.context().close();
});

test('a passkey is added on this device and opens the next session', async ({ demo, browser }) => {
  // Passkeys belong to a name, never to a number.
  const home = demo.url.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL: home });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(await link(demo, 'to-thu-ky', home));
  await signedIn(page);
  await page.goto('/tai-khoan');
  await page.getByLabel('Tên khóa').fill('Máy tính cơ quan');
  await page.getByRole('button', { name: 'Thêm khóa trên thiết bị này' }).click();
  await expect(page.getByRole('cell', { name: 'Máy tính cơ quan' })).toBeVisible();
  await page.locator('.who summary').click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await expect(page).toHaveURL(/\/vao/);
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa của thiết bị' }).click();
  await signedIn(page);
  await context.close();
});

test('a password goes with a six-digit code', async ({ demo, browser }) => {
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto(await link(demo, 'quan-tri'));
  await signedIn(page);
  await page.goto('/tai-khoan/mat-khau');
  const secret = (await page.locator('main .notice code').first().innerText()).trim();
  const password = 'bốn con voi qua sông';
  await page.getByLabel('Mật khẩu mới').fill('ngắn');
  await page.getByLabel('Mã sáu số').fill(totp(secret));
  await page.locator('form[action="/tai-khoan/mat-khau"]').evaluate((form) => { form.noValidate = true; });
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.locator('.field-error')).toContainText('ít nhất 12 ký tự');
  await clean(page);
  // The chain of the first try is kept: nobody scans twice for one mistake.
  expect((await page.locator('main .notice code').first().innerText()).trim()).toBe(secret);
  await page.getByLabel('Mật khẩu mới').fill(password);
  await page.getByLabel('Mã sáu số').fill(totp(secret));
  await page.getByRole('button', { name: 'Lưu' }).click();
  await expect(page).toHaveURL(/\/tai-khoan$/);
  await page.locator('.who summary').click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();

  const form = page.locator('form[action="/vao/mat-khau"]');
  await form.getByLabel('Tên đăng nhập').fill('quan-tri');
  await form.getByLabel('Mật khẩu').fill('sai mật khẩu rồi');
  await form.getByLabel('Mã sáu số').fill('000000');
  await form.getByRole('button').click();
  await expect(page.getByRole('alert')).toContainText('không đúng');
  await expect(form.getByLabel('Tên đăng nhập'), 'the name is kept').toHaveValue('quan-tri');
  // A code is good for one use; the next step of thirty seconds has the next one.
  await form.getByLabel('Mật khẩu').fill(password);
  await form.getByLabel('Mã sáu số').fill(totp(secret, Date.now() + 30_000));
  await form.getByRole('button').click();
  await signedIn(page);
  await context.close();
});

test('a session ended on another device stops its stream and its clicks within five seconds', async ({ demo, browser }) => {
  const lost = await (await browser.newContext({ baseURL: demo.url })).newPage();
  await lost.goto(await link(demo, 'dau-moi-vp'));
  await signedIn(lost);
  await lost.goto('/nhiem-vu/bang');
  await expect(lost.locator('[sse-connect], [sse-swap]').first()).toBeAttached();
  await lost.waitForTimeout(500);
  const ended = lost.evaluate(() => new Promise((resolve) => {
    document.addEventListener('htmx:sseError', () => resolve('error'));
    document.addEventListener('htmx:sseClose', () => resolve('close'));
  }));

  const kept = await (await browser.newContext({ baseURL: demo.url })).newPage();
  await kept.goto(await link(demo, 'dau-moi-vp'));
  await signedIn(kept);
  await kept.goto('/tai-khoan');
  await kept.getByRole('button', { name: 'Kết thúc các phiên khác' }).click();
  const start = Date.now();
  await kept.locator('#confirm').getByRole('button', { name: 'Thực hiện' }).click();
  await ended;
  expect(Date.now() - start, 'ms until the stream ended').toBeLessThan(5000);
  // On a phone the tabs scroll; any click will do.
  await lost.locator('nav.tabs a[href="/nhiem-vu/ma-tran"]').click();
  await expect(lost).toHaveURL(/\/vao/);
  await kept.reload();
  await signedIn(kept);
  await lost.context().close();
  await kept.context().close();
});

test('the page of sign-in is clean in light and dark, in both languages', async ({ demo, browser }, info) => {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ ...info.project.use, baseURL: demo.url, colorScheme });
    const page = await context.newPage();
    await page.goto('/vao');
    await clean(page);
    await fits(page);
    await page.locator('a[data-switch=lang]').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await expect(page).toHaveURL(/\/vao/);
    await context.close();
  }
});
