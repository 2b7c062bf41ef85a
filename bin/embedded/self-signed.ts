// A certificate for 127.0.0.1 that only itself vouches for.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  certificateFile: string;
  keyFile: string;
  /** The certificate itself. */
  pem: string;
}

/** Makes the certificate with the openssl program in the folder; valid for a year. */
export async function selfSignedCertificate(folder: string): Promise<Certificate> {
  const certificateFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'certificate-key.pem');
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost';
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  await run('openssl', [...request.split(' '), '-addext', names, '-keyout', keyFile, '-out', certificateFile]);
  return { certificateFile, keyFile, pem: await readFile(certificateFile, 'utf8') };
}
