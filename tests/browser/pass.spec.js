// The reader of passes in WebAssembly says of every pass what the native one says (crates/pass/tests/verdicts.json),
// and runs on no page that was not allowed to.
import { readFileSync } from 'node:fs';
import { expect, test } from './demo.js';
import { Gate, NO_KEYS, opens } from '../../web/js/pass.js';

const file = (name) => readFileSync(new URL(`../../${name}`, import.meta.url));
const verdicts = JSON.parse(file('crates/pass/tests/verdicts.json').toString());

/** All that the file asks, answered by gates of one module. */
function answers(verdicts, Gate, module) {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const open = ({ root, keys, revoked }) => {
    const gate = new Gate(module);
    const errors = [gate.keys(bytes(root), bytes(keys)), gate.revoke(bytes(revoked))];
    if (errors.some((error) => error !== null)) throw new Error(errors.join());
    return gate;
  };
  const gates = verdicts.gates.map((one) => {
    const gate = open(one);
    return one.cases.map(({ text, on }) => gate.read(text, on));
  });
  const last = verdicts.gates.at(-1);
  const root = bytes(last.root);
  const lists = verdicts.lists.map(({ bytes: list }) => open(last).keys(root, bytes(list)));
  const gate = open(last);
  const before = gate.read(verdicts.lost, '2025-10-14').valid;
  const deltas = verdicts.deltas.map(({ bytes: delta }) => ({ said: gate.revoke(bytes(delta)), sequence: gate.sequence }));
  const kept = new Gate(module);
  kept.keys(root, bytes(last.keys));
  kept.revoke(gate.since(0));
  return { gates, lists, deltas, before, after: kept.read(verdicts.lost, '2025-10-14').why };
}

const expected = {
  gates: verdicts.gates.map((one) => one.cases.map(({ said }) => said)),
  lists: verdicts.lists.map(({ said }) => said),
  deltas: verdicts.deltas.map(({ said, sequence }) => ({ said, sequence })),
  before: true,
  after: 'pass-revoked',
};

test('the WebAssembly says what the native reader says', async () => {
  const module = await WebAssembly.compile(file('web/wasm/pass.wasm'));
  expect(answers(verdicts, Gate, module)).toEqual(expected);

  const bare = new Gate(module);
  expect(bare.read(verdicts.lost, '2025-10-14')).toEqual({ valid: false, why: NO_KEYS });
  expect(bare.keySequence).toBeNull();
  expect(bare.keys(new Uint8Array(31), new Uint8Array(99))).toBe('pass-keys-unreadable');
  // More than a mebibyte finds no room, and the gate lives on.
  expect(bare.revoke(new Uint8Array(2_000_000))).toBe('pass-revocations-unreadable');
  expect(() => bare.read('1', '2019-12-31')).toThrow(RangeError);
  const pass = verdicts.gates.at(-1).cases[0].said;
  expect([0, 1, 3, 15, 16, -1].map((zone) => opens(pass, zone))).toEqual([true, false, true, false, false, false]);
});

test('a page runs it only when the server allows', async ({ demo, page }) => {
  const tryIt = ({ base }) => import(`${base}js/pass.js`).then(async ({ Gate }) => {
    const bytes = await (await fetch(`${base}wasm/pass.wasm`)).arrayBuffer();
    const module = await WebAssembly.compile(bytes).catch(() => null);
    return module ? { module: true, gate: (await Gate.load(`${base}wasm/pass.wasm`)).keySequence } : { module: false };
  });
  await page.goto(demo.url + '/vao');
  const base = await page.evaluate(() => document.querySelector('link[rel=stylesheet]').href.replace(/(\/assets\/[^/]+\/).*/, '$1'));
  expect(await page.evaluate(tryIt, { base })).toEqual({ module: false });

  // As `Page::wasm` has it; a router test holds the header.
  await page.route('**/vao', async (route) => {
    const answer = await route.fetch();
    const headers = answer.headers();
    headers['content-security-policy'] = headers['content-security-policy'].replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
    await route.fulfill({ response: answer, headers });
  });
  await page.goto(demo.url + '/vao');
  expect(await page.evaluate(tryIt, { base })).toEqual({ module: true, gate: null });
});
