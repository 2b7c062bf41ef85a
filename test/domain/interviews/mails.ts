// Small mails for the tests of finding interviews.
import { mailFromFields } from '../../../domain/interviews/parse-mail.ts';
import type { MailFields } from '../../../domain/interviews/parse-mail.ts';
import type { CampusContext, ParsedMail, Person } from '../../../domain/interviews/types.ts';

export const campus: CampusContext = { timeZone: 'Asia/Kolkata', locale: 'en-IN' };
export const asha: Person = { name: 'Asha Rao', email: 'asha.rao@students.example.org', rollNumber: '23CS1042', timeZone: 'Asia/Kolkata' };

export const personCalled = (name: string, email: string, rollNumber?: string): Person => ({ name, email, timeZone: 'Asia/Kolkata', ...(rollNumber ? { rollNumber } : {}) });

/** A mail of Wednesday 12 May 2027 from a company to Asha, changed where a test says so. */
export const mailWith = (fields: MailFields): ParsedMail => mailFromFields({
  from: 'Kestrel HR <hr@kestrel.example>', to: `${asha.name} <${asha.email}>`, date: '2027-05-12T10:00:00+05:30', subject: 'Interview', text: '', ...fields,
});

export const lines = (...rows: string[]): string => rows.join('\r\n');
