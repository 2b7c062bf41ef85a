// Dovecot: the mail server of the demo and of the tests.
import { findProgram, serverFolders } from './places.mjs';

export const dovecot = {
  name: 'the Dovecot mail server',
  aims: ['start', 'test'],
  essential: false,
  apt: ['dovecot-imapd'],
  units: ['dovecot.service', 'dovecot.socket'],
  advice: 'sudo apt-get install dovecot-imapd (or brew install dovecot), or set IMAP_HOST in .env',
  isThere({ env, aim }) {
    if (aim === 'start' && env.IMAP_HOST) return true;
    return findProgram(['dovecot'], { env, also: serverFolders(env) }) !== undefined;
  },
};
