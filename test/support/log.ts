// The log of tests: silent, unless BEADLE_TEST_LOG names a level.
import pino from 'pino';

export const quietLog = pino({ level: process.env.BEADLE_TEST_LOG ?? 'silent' });
