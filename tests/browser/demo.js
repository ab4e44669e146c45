// Starts a demo of its own for a test file and signs people in through its one-time links.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, expect } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
export const program = process.env.DIENHONG ?? path.join(target, 'debug', 'dienhong');

/**
 * A running demo.
 * @typedef {{ url: string, data: string, links: Record<string, string>, codes: Record<string, string>, stop: () => Promise<void>, token: (login: string, scopes: string[]) => Promise<string>, run: (...args: string[]) => Promise<{ code: number, out: string, err: string }> }} Demo
 */

/** Runs the program to its end. */
export function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** Starts a demo in a folder of its own. @param {string[]} more further words of the command @returns {Promise<Demo>} */
export async function startDemo(more = []) {
  if (!existsSync(program)) throw new Error(`build the program first: ${program}`);
  const data = mkdtempSync(path.join(tmpdir(), 'dienhong-'));
  const child = spawn(program, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DIENHONG_LOG: 'warn' },
  });
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  const hello = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
      if (out.includes('\n')) resolve(JSON.parse(out.split('\n')[0]));
    });
    child.on('close', (code) => reject(new Error(`the demo ended with ${code}: ${err}`)));
  });
  return {
    url: hello.url.replace(/\/$/, ''),
    data,
    links: Object.fromEntries(hello.links.map((link) => [link.role, link.link])),
    codes: Object.fromEntries(hello.links.map((link) => [link.role, link.code])),
    run: (...args) => run(...args, '--data', data),
    token: async (login, scopes) => {
      const made = await run('token', 'add', '--login', login, '--name', 'test', ...scopes.flatMap((s) => ['--scope', s]), '--data', data);
      if (made.code !== 0) throw new Error(made.err);
      return made.out.trim();
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The demo of the file that runs, and the people who have signed in to it. */
class Hall {
  file = '';
  /** @type {Demo | null} */
  demo = null;
  states = new Map();

  /** A file changes what it tests, so each has a congress of its own. */
  async of(file) {
    if (this.file !== file) {
      await this.close();
      this.demo = await startDemo();
      this.file = file;
    }
    return this.demo;
  }

  async close() {
    await this.demo?.stop();
    this.demo = null;
    this.file = '';
    this.states.clear();
  }
}

/** `test` with a demo per file and a way to sign in. */
export const test = base.extend({
  hall: [
    async ({}, use) => {
      const hall = new Hall();
      await use(hall);
      await hall.close();
    },
    { scope: 'worker' },
  ],
  demo: async ({ hall }, use, info) => {
    await use(await hall.of(info.file));
  },
  /** Gives pages of a person; each is another device of somebody who signed in once. */
  seats: async ({ browser, demo, hall }, use, info) => {
    const contexts = [];
    await use(async (role, options = {}) => {
      if (!hall.states.has(role)) {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(demo.links[role]);
        await page.waitForURL((url) => !url.pathname.startsWith('/vao'));
        hall.states.set(role, await context.storageState());
        await context.close();
      }
      const context = await browser.newContext({ ...info.project.use, storageState: hall.states.get(role), baseURL: demo.url, ...options });
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/**
 * Collects what must not happen on a page: errors of scripts, breaches of the content policy, answers that
 * failed, requests that leave the house.
 */
export function watch(page, demo) {
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') wrong.push(`console: ${line.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${demo.url}/`) && !/^(data|blob):/.test(url)) wrong.push(`another host: ${url}`);
  });
  return wrong;
}

/** A wire to the demo that can be cut, as a cable is; what was open breaks, what is new is refused. */
export async function wire(demo) {
  const sockets = new Set();
  let cut = false;
  const server = createServer((near) => {
    if (cut) {
      near.destroy();
      return;
    }
    const far = connect(Number(new URL(demo.url).port), '127.0.0.1');
    for (const one of [near, far]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => { for (const one of sockets) one.destroy(); };
  return {
    url: `http://${new URL(demo.url).hostname}:${server.address().port}`,
    cut: () => { cut = true; drop(); },
    mend: () => { cut = false; },
    close: () => { drop(); server.close(); },
  };
}

/** Fails with the list of what axe finds. */
export async function clean(page, rules) {
  const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  const found = await (rules ? axe.withRules(rules) : axe).analyze();
  const lines = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  expect(lines, 'axe').toEqual([]);
}

/** Fails when the page is wider than its window. */
export async function fits(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, 'horizontal overflow in px').toBeLessThanOrEqual(0);
}

export { expect };
