// The page that shows a rehearsal while it runs: lanes and queues move, both languages, phone and desk.
import { spawn } from 'node:child_process';
import { clean, expect, fits, program, startDemo, test, watch } from './demo.js';

test('a rehearsal is watched from its first lane to its end', async ({ browser }, info) => {
  test.setTimeout(240_000);
  const demo = await startDemo(['--on', '2025-10-13T07:20', '--delegates', '80']);
  const token = await demo.token('to-thu-ky', ['attendance:manage', 'badges:manage']);
  const args = ['rehearse', 'arrivals', '--server', demo.url, '--gates', '4', '--minutes', '5', '--seed', '3', '--speed', '10', '--page', '127.0.0.1:0', '--json'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DIENHONG_TOKEN: token } });
  try {
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    const url = await new Promise((resolve, reject) => {
      let err = '';
      child.stderr.on('data', (text) => {
        err += text;
        const found = /the page: (http:\/\/[\d.]+:\d+)\//.exec(err);
        if (found) resolve(found[1]);
      });
      child.on('close', (code) => reject(new Error(`the rehearsal ended with ${code}: ${err}`)));
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const page = await (await browser.newContext({ ...info.project.use, baseURL: url })).newPage();
    const wrong = watch(page, { url });
    await page.goto('/');
    await expect(page.locator('.rehearse-lanes > li')).toHaveCount(4, { timeout: 30_000 });
    await expect(page.locator('.rehearse-lanes')).toContainText('Làn 1');
    await expect(page.locator('.rehearse-lanes > .is-alone')).toHaveCount(1, { timeout: 60_000 });
    await expect(page.locator('.is-alone')).toContainText('Tự quyết');
    const arrived = async () => Number((await page.locator('.hall-present b').textContent())?.replace(/\D/g, ''));
    await expect.poll(arrived, { timeout: 60_000 }).toBeGreaterThan(20);
    await fits(page);
    await clean(page);
    await page.screenshot({ path: `artefacts/rehearse-${info.project.name}.png`, fullPage: true });
    expect(wrong).toEqual([]);
    await page.goto('/?lang=en');
    await expect(page.locator('.rehearse-lanes')).toContainText('Lane 1');
    await fits(page);
    // What it prints and what the page says in the end are the same: nothing lost, nothing wrong.
    await expect(page.locator('.rehearse')).toContainText('Over: nothing lost', { timeout: 90_000 });
    expect(await ended).toBe(0);
    const report = JSON.parse(out);
    expect([report.lost, report.wrong]).toEqual([[], []]);
  } finally {
    child.kill('SIGKILL');
    await demo.stop();
  }
});
