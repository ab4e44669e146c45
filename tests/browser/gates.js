// What the tests of gates share: badges as a scanner reads them, and a scanner that types.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { homeLane } from '../../web/js/gate/rule.js';

/** The digits of badges that open something, read past the program. @param {string} data @returns {string[]} */
export function badges(data) {
  const codes = new Set();
  for (const name of readdirSync(data).filter((file) => /\.(db|sqlite|sqlite3)(-wal)?$/.test(file))) {
    const bytes = readFileSync(path.join(data, name)).toString('latin1');
    for (const found of bytes.matchAll(/(?<!\d)\d{196}(?!\d)/g)) codes.add(found[0]);
  }
  return [...codes];
}

/** The random id inside the digits of a pass, hexadecimal. @param {string} code */
export function passOf(code) {
  return BigInt(code).toString(16).padStart(162, '0').slice(6, 18);
}

/** The lane of the sample's three that is home to a badge. @param {string} code */
export const homeOf = (code) => homeLane(passOf(code), [1, 2, 3]);

/** Scans as a scanner types. */
export async function scan(page, code) {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** The same in one step: hundreds of scans whose typing is not what is tested. */
export async function scanFast(page, code) {
  await page.evaluate((text) => {
    const press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    for (const letter of text) press(letter);
    press('Enter');
  }, code);
}

/** What the gate says. */
export const said = (page) => page.locator('#gate-verdict b');
