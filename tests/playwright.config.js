import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './browser',
  outputDir: './artefacts/results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Two cores: one worker a project keeps timings honest.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // On a busy build machine a browser may lose a race that no person would; a second try says "flaky" in the list.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
    { name: 'desk', use: { viewport: { width: 1280, height: 800 } } },
  ],
});
