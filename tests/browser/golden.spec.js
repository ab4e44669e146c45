// The sample congress at 16:00 on 26/09/2025: forty tasks whose counts are printed in the reference. Every screen
// shows the same ones, and every number opens as many rows as it says.
import { test, expect } from './demo.js';

const PARTS = {
  qua_han: 2, den_han_hom_nay: 1, sap_den_han: 7, chua_den_han: 22,
  hoan_thanh_truoc_han: 4, hoan_thanh_dung_han: 2, hoan_thanh_tre_han: 2,
};

/** How many tasks a list answers with. */
async function rows(page, href) {
  const answer = await page.request.get(href);
  expect(answer.status(), href).toBe(200);
  return ((await answer.text()).match(/<tr id="t-/g) ?? []).length;
}

/** Each number with its address; each address once. */
async function opens(page, selector) {
  const links = await page.locator(selector).evaluateAll((all) => all.map((a) => [a.getAttribute('href'), (a.querySelector('b, .num') ?? a).textContent.replace(/\D/g, '')]));
  expect(links.length).toBeGreaterThan(0);
  for (const [href, number] of new Map(links)) expect(await rows(page, href), href).toBe(Number(number));
  return links.length;
}

test('the list counts forty: eight done, thirty-two open', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu');
  await expect(page.locator('tr[id^="t-"]')).toHaveCount(40);
  const tally = page.locator('.tally');
  await expect(tally.locator('.tally-all b')).toHaveText('40');
  await expect(tally.locator('.tally-head b').nth(0)).toHaveText('8');
  await expect(tally.locator('.tally-head b').nth(1)).toHaveText('32');
  for (const [timing, number] of Object.entries(PARTS)) {
    await expect(tally.locator(`.tally-part[href*="den=${timing}"] b`), timing).toHaveText(String(number));
  }
  await expect(tally.locator('.official td.num')).toHaveText(['6', '2', '30', '2']);
  await expect(tally.locator('.shares')).toContainText(/8\/40\s*=\s*20,0\s?%/);
  await expect(tally.locator('.shares')).toContainText(/6\/8\s*=\s*75,0\s?%/);
  expect(await opens(page, '.tally a, .official a')).toBeGreaterThanOrEqual(14);
});

test('the board counts the same forty by state', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/bang');
  const numbers = await page.locator('.kanban-col h2 .num').allTextContents();
  expect(numbers.reduce((sum, text) => sum + Number(text), 0)).toBe(40);
  await opens(page, '.kanban-col h2 a.num');
});

test('the matrix adds up by unit and by timing', async ({ seats }) => {
  const page = await seats('organiser');
  await page.goto('/nhiem-vu/ma-tran');
  const number = (text) => Number(text.replace(/\D/g, '') || 0);
  const table = await page.locator('table.matrix').evaluate((all) => [...all.rows].slice(1).map((row) => [...row.cells].slice(1, -1).map((cell) => cell.textContent)));
  const lines = table.map((row) => row.map(number));
  const sum = lines.pop();
  expect(sum.at(-1)).toBe(40);
  expect(sum.slice(0, -1).filter(Boolean).sort((a, b) => a - b)).toEqual(Object.values(PARTS).sort((a, b) => a - b));
  for (const [at, total] of sum.entries()) expect(lines.reduce((all, line) => all + line[at], 0)).toBe(total);
  for (const line of lines) expect(line.slice(0, -1).reduce((a, b) => a + b, 0)).toBe(line.at(-1));
  await opens(page, 'table.matrix td a');
});

test('the wall shows the figures of the list', async ({ seats }) => {
  const page = await seats('leader');
  await page.goto('/bang-tuong');
  const figures = (await page.locator('.wall-figures > div').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  const shown = Object.fromEntries(figures.map((text) => [text.replace(/^\d+ ?/, '').trim(), Number(text.match(/^\d+/)?.[0])]));
  const find = (word) => Object.entries(shown).find(([words]) => words.toLowerCase().includes(word))?.[1];
  expect(find('quá hạn')).toBe(2);
  expect(find('hôm nay')).toBe(1);
  expect(find('sắp đến hạn')).toBe(7);
  await expect(page.locator('.wall-foot')).toContainText(/8\/40\s*=\s*20,0\s?%/);
});

test('the report adds up to the same, with its denominators', async ({ seats }) => {
  const page = await seats('leader');
  await page.goto('/bao-cao/nhiem-vu');
  const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('Tổng 40 nhiệm vụ');
  expect(text).toMatch(/8\/40\s*=\s*20,0\s?%/);
  expect(text).toMatch(/6\/8\s*=\s*75,0\s?%/);
  // The sums of both tables are the parts of the forty.
  for (const foot of await page.locator('main tfoot tr').all()) {
    const cells = (await foot.locator('td').allTextContents()).map(Number);
    expect(cells[0]).toBe(40);
    expect(cells.slice(1).reduce((a, b) => a + b, 0)).toBe(40);
  }
  // Knock-on: what DB-01, TT-03 and CN-01 hold up.
  for (const code of ['DB-02', 'DB-03', 'DB-04', 'DB-05', 'TT-04', 'DD-06']) expect(text).toContain(code);
  // Deadlines on a Saturday or Sunday, asked about again: those whose work is not over.
  const asked = page.locator('section', { has: page.getByRole('heading', { name: 'Hạn rơi vào ngày nghỉ' }) });
  const codes = await asked.locator('tbody th').allTextContents();
  expect(codes.map((code) => code.trim()).sort()).toEqual(['AN-02', 'AN-03', 'CN-02', 'DD-04', 'DD-06', 'HC-03', 'SD-01', 'SD-02', 'TT-02']);
});

test('all twelve deadlines on a Saturday or Sunday stand on a day off; those still open are asked about', async ({ seats }) => {
  const page = await seats('organiser');
  const standing = [];
  const asked = [];
  for (const month of ['2025-08', '2025-09', '2025-10', '2025-11']) {
    await page.goto(`/nhiem-vu/lich?thang=${month}`);
    standing.push(...(await page.locator('.calendar td.off:not(.out) .event:not(.congress-mark) b').allTextContents()));
    asked.push(...(await page.locator('.clashes li b').allTextContents()));
  }
  const open = ['AN-02', 'AN-03', 'CN-02', 'DD-04', 'DD-06', 'HC-03', 'SD-01', 'SD-02', 'TT-02'];
  expect(asked.map((code) => code.trim()).sort()).toEqual(open);
  expect(standing.map((code) => code.trim()).sort()).toEqual([...open, 'TC-01', 'TT-01', 'VK-02'].sort());
});

test('what Gantt, calendar and my work show comes from the same forty', async ({ seats }) => {
  const page = await seats('focal officer');
  await page.goto('/nhiem-vu/tien-do-gantt');
  await expect(page.locator('main')).toContainText('40 nhiệm vụ');
  await page.goto('/nhiem-vu/lich?thang=2025-10');
  const october = await page.locator('.calendar td:not(.out) .event:not(.congress-mark)').count();
  expect(october).toBe(await rows(page, '/nhiem-vu?tu=2025-10-01&den-ngay=2025-10-31'));
  await page.goto('/viec-cua-toi');
  await expect(page.locator('main')).toContainText('HC-01');
});
