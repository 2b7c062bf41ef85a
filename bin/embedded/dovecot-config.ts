// The configuration file of the private Dovecot.
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';

export interface DovecotConfigOptions {
  /** Sockets and runtime state; short, and open to Dovecot's own users. */
  runDir: string;
  mailFolder: string;
  port: number;
  certificate: { certificateFile: string; keyFile: string } | undefined;
  passwords: { everyone: string } | { usersFile: string };
  logFile: string;
  extra: string;
}

/**
 * The configuration's text. As root, mail belongs to the system's user "dovecot"; as anybody else everything runs as
 * that user, for which Dovecot's own changes of user and root folder are switched off.
 */
export function dovecotConfig(options: DovecotConfigOptions): string {
  const { runDir, mailFolder, port, certificate } = options;
  const rootless = process.getuid?.() !== 0;
  const { username, uid, gid } = userInfo();
  const mailUser = rootless ? { uid: String(uid), gid: String(gid) } : { uid: 'dovecot', gid: 'dovecot' };
  return `
base_dir = ${runDir}
state_dir = ${runDir}
protocols = imap
listen = 127.0.0.1
auth_mechanisms = plain login
disable_plaintext_auth = no
${certificate ? `ssl = yes\nssl_cert = <${certificate.certificateFile}\nssl_key = <${certificate.keyFile}` : 'ssl = no'}
log_path = ${options.logFile}
# One line for each login would name every mailbox on each sweep.
info_log_path = /dev/null
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 500
auth_failure_delay = 0
${rootless ? `default_internal_user = ${username}\ndefault_login_user = ${username}\ndefault_internal_group = ${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}` : ''}

namespace inbox {
  inbox = yes
  separator = /
}

${passdb(options.passwords)}
userdb {
  driver = static
  args = uid=${mailUser.uid} gid=${mailUser.gid} home=${mailFolder}/%u
}

service imap-login {
  # One process serves every login instead of one process for each.
  service_count = 0
  client_limit = 4096
  process_min_avail = 1
${rootless ? '  chroot =' : ''}
  inet_listener imap {
    port = ${certificate ? 0 : port}
  }
  inet_listener imaps {
    port = ${certificate ? port : 0}
    ssl = yes
  }
}
service imap {
  process_limit = 1024
  # A process may serve another mailbox afterwards: saves a fork for each login.
  service_count = 200
}
service anvil {
${rootless ? '  chroot =' : ''}
  client_limit = 8192
  # No growing pause for an address from which a wrong password came: every mailbox is asked from the same one.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  client_limit = 8192
}
${options.extra}
`.trimStart();
}

function passdb(passwords: DovecotConfigOptions['passwords']): string {
  // The static passdb's arguments are divided by spaces.
  if ('everyone' in passwords && /\s/.test(passwords.everyone)) throw new Error("everyone's mailbox password can't contain a space");
  if ('everyone' in passwords) return `passdb {\n  driver = static\n  args = password=${passwords.everyone}\n}`;
  return `passdb {\n  driver = passwd-file\n  args = scheme=PLAIN username_format=%u ${passwords.usersFile}\n}`;
}
