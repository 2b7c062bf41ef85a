// Chromium: drives the pages in the tests.
import { findProgram } from './places.mjs';

export const chromium = {
  name: 'Chromium',
  aims: ['test'],
  essential: false,
  apt: ['chromium'],
  advice: 'sudo apt-get install chromium (or brew install --cask chromium)',
  isThere: ({ env }) => findProgram(['chromium', 'chromium-browser', 'google-chrome'], { env }) !== undefined,
};
