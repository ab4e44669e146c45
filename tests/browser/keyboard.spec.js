// Everything without a mouse: search, the doors, help, rows of a table, the skip link, and a focus one can see.
import { test, expect, clean } from './demo.js';

test('/ goes to the search, which takes words with and without marks', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu');
  await page.keyboard.press('/');
  await expect(page.locator('[data-search]')).toBeFocused();
  await page.keyboard.type('thuc don');
  await expect(page.locator('tr[id^="t-"]')).toHaveCount(1);
  await expect(page.locator('tr[id^="t-"]')).toContainText('thực đơn');
  await expect(page).toHaveURL(/q=thuc\+don|q=thuc%20don/);
  await expect(page.locator('[data-search]'), 'the focus stays while the list changes').toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('thực đơn');
  await expect(page).toHaveURL(/th%E1%BB%B1c/);
  await expect(page.locator('tr[id^="t-"]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-search]')).not.toBeFocused();
});

test('g and a letter open the doors, ? the help', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/viec-cua-toi');
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/nhiem-vu$/);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page).toHaveURL(/\/bao-cao\/nhiem-vu$/);
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(page).toHaveURL(/\/viec-cua-toi$/);
  await page.keyboard.press('?');
  const help = page.locator('#help');
  await expect(help).toBeVisible();
  await expect(help.locator('kbd').first()).toBeVisible();
  await clean(page);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('arrows walk the rows, x marks, Enter opens', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const row = page.locator('tr.row-current');
  await expect(row).toHaveCount(1);
  await expect(row).toBeFocused();
  const code = (await row.locator('td.code').innerText()).trim();
  await page.keyboard.press('x');
  await expect(row.locator('input[type=checkbox]')).toBeChecked();
  await expect(page.locator('[data-selection]')).toContainText('1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/nhiem-vu/${encodeURIComponent(code)}$`));
});

test('the first stop is the skip link, and every stop can be seen', async ({ seats }, info) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/DB-01');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip-link')).toBeFocused();
  await expect(page.locator('.skip-link')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await page.goto('/nhiem-vu');
  const unseen = [];
  for (let i = 0; i < (info.project.name === 'desk' ? 30 : 22); i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      const near = one.closest('label');
      const shown = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none';
      return {
        what: one.outerHTML.slice(0, 90),
        seen: shown(style) || (near && shown(getComputedStyle(near))),
        inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
      };
    });
    if (!stop) break;
    if (!stop.seen || !stop.inside) unseen.push(stop);
  }
  expect(unseen).toEqual([]);
});

test('a menu opens and closes with keys and gives the focus back', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu');
  const more = page.locator('.more-filters > summary');
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.more-panel')).toBeVisible();
  await page.locator('.more-panel input[value=qua_han]').focus();
  await page.keyboard.press('Space');
  await expect(page.locator('tr[id^="t-"]')).toHaveCount(2);
  await expect(page).toHaveURL(/den=qua_han/);
  await expect(page.locator('.more-panel'), 'one may tick on').toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.more-panel')).toBeHidden();
  await expect(more).toBeFocused();
});

test('dangerous acts are asked about, with the safe answer first', async ({ seats }) => {
  const page = await seats('leader');
  await page.goto('/nhiem-vu/TT-03');
  await page.getByRole('button', { name: 'Nghiệm thu' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.locator('#confirm');
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText('TT-03');
  await expect(dialog.locator('button[value=no]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Nghiệm thu' })).toBeVisible();
});
