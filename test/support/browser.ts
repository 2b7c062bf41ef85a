// A real browser for the pages.
import { type Browser, chromium } from 'playwright-core';
import { findProgram } from '../../scripts/setup/places.mjs';

/** Chromium without a window. Close it after the tests. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findProgram(['chromium', 'chromium-browser', 'google-chrome']);
  if (executablePath === undefined) throw new Error('there is no Chromium: npm run setup says how to get it');
  // As root it has no sandbox; what it visits here is ours.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
