// Lists of people: in the body, in tables and in attachments.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import writeXlsxFile from 'write-excel-file/node';
import { forPerson, extract } from '../../../domain/interviews/pipeline.ts';
import { findTextList, peopleFromAttachment, peopleFromGrid } from '../../../domain/interviews/shortlist.ts';
import type { FoundInterview, MailAttachment, ParsedMail, Person } from '../../../domain/interviews/types.ts';
import { isSmallZip } from '../../../domain/interviews/zip-size.ts';
import { asha, campus, mailWith, personCalled } from './mails.ts';

const csv = (text: string, encoding: BufferEncoding = 'utf8'): MailAttachment => ({ name: 'shortlist.csv', type: 'text/csv', bytes: new Uint8Array(Buffer.from(text, encoding)) });
async function xlsx(rows: (string | number)[][]): Promise<MailAttachment> {
  const buffer = await writeXlsxFile(rows.map((row) => row.map((value) => ({ value, type: typeof value === 'number' ? Number : String })))).toBuffer();
  return { name: 'Shortlist.xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes: new Uint8Array(buffer) };
}
async function found(mail: ParsedMail, person = asha): Promise<FoundInterview> {
  const extraction = await extract(mail, person, campus);
  if (!extraction.found) throw new Error(extraction.reason);
  return extraction;
}
const cell = { from: 'Placement Cell <placement@college.example.org>', subject: 'Kestrel technical round on 20 May 2027, 9 AM', to: 'students@college.example.org' };
const withAttachment = (attachment: MailAttachment, text = 'Find the attached shortlist.') => ({ ...mailWith({ ...cell, text }), attachments: [attachment] });
const stranger = personCalled('Nobody Else', 'nobody@students.example.org', '23CS9999');

describe('I7a lists in a mail', () => {
  test('a slot table gives each person their own start and nobody else an interview', async () => {
    const mail = mailWith({ ...cell, text: 'Slots for Kestrel on 20 May:\n10.00 - Nikhil Sen\n10.20 - Asha Rao\n10.40 - Ritu P' });
    const list = await found(mail);
    expect(forPerson(list, asha)).toMatchObject({ meant: 'yes', finding: { start: '2027-05-20T10:20:00+05:30' } });
    expect(forPerson(list, stranger)).toEqual({ meant: 'no' });
  });

  test('two people of one name on a list that has nothing but names are not told apart: they are asked', async () => {
    const list = await found(mailWith({ ...cell, text: '10.00 - Asha Rao\n10.20 - Asha Rao\n10.40 - Ritu P' }));
    expect(forPerson(list, asha).meant).toBe('ask');
  });

  test('an HTML table is read by its headings, in any order', async () => {
    const html = '<p>Shortlist below.</p><table><tr><th>S.No</th><th>Time Slot</th><th>Register No.</th><th>Name of the student</th></tr><tr><td>1</td><td>9:00 AM</td><td>23CS1041</td><td>Ritu P</td></tr><tr><td>2</td><td>9:30 AM</td><td>23CS1042</td><td>Asha Rao</td></tr></table>';
    expect(forPerson(await found(mailWith({ ...cell, html })), asha)).toMatchObject({ meant: 'yes', finding: { start: '2027-05-20T09:30:00+05:30' } });
  });

  test('an agenda and a signature are no lists', () => {
    expect(findTextList('9 AM - Pre-placement talk\n10 AM - Online test\n2 PM - Interviews')).toBeNull();
    expect(findTextList('Regards,\nMeera Iyer\nKestrel HR\nhr@kestrel.example')).toBeNull();
    expect(findTextList('Meera Iyer\nmeera@kestrel.example\n+91 9812345678')).toBeNull();
    expect(findTextList('meera@kestrel.example\n9812345678')).toBeNull();
    expect(findTextList('Roll No | 23CS1042\nTime | 9 AM\nEmail | a@b.example')?.rows ?? []).toEqual([]);
    expect(findTextList('Please write to hr@kestrel.example\nor to jobs@kestrel.example')).toBeNull();
  });

  test('those whom one candidate will meet are no list of candidates', async () => {
    const text = 'Dear Asha, your onsite interview is scheduled on 20 May. Interviewers:\n10:00 - Karan Shah\n10:45 - Meera Iyer';
    const extraction = await found(mailWith({ text }));
    expect(forPerson(extraction, asha)).toMatchObject({ meant: 'yes', finding: { start: '2027-05-20T10:00:00+05:30' } });
  });

  test('a .csv is read in UTF-8 and in windows-1252, with quotes and a title above its header', async () => {
    const text = 'Kestrel shortlist;;\nRoll No;Student Name;E-mail ID\n23CS1042;"Rão; Asha";asha.rao@students.example.org\n';
    for (const encoding of ['utf8', 'latin1'] as const) {
      expect(await peopleFromAttachment(csv(text, encoding))).toEqual([{ rollNumber: '23CS1042', name: 'Rão; Asha', email: 'asha.rao@students.example.org' }]);
    }
  });

  test('an .xlsx of twelve names in a mail to many means these twelve', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => [index + 1, `23CS10${40 + index}`, `Student ${index}`]);
    const list = await found(withAttachment(await xlsx([['Kestrel', '', ''], ['', '', ''], ['S.No', 'Reg. No', 'Name'], ...rows])));
    const inboxes: Person[] = Array.from({ length: 300 }, (_, index) => personCalled(`Student ${index}`, `s${index}@students.example.org`, `23CS${1000 + index}`));
    expect(inboxes.filter((person) => forPerson(list, person).meant === 'yes')).toHaveLength(12);
    expect(forPerson(list, stranger).meant).toBe('no');
  });

  test('a time of day in a sheet is the slot', async () => {
    const list = await found(withAttachment(await xlsx([['Roll No', 'Slot'], ['23CS1042', 0.4375], ['23CS1043', '2:15 PM']])));
    expect(forPerson(list, asha)).toMatchObject({ finding: { start: '2027-05-20T10:30:00+05:30' } });
  });

  test('a missing list, a PDF and a workbook that cannot be read make Beadle ask', async () => {
    const lost = [mailWith({ ...cell, text: 'Please find the below shortlisted students list.' }),
      withAttachment({ name: 'list.pdf', type: 'application/pdf', bytes: new Uint8Array([37, 80, 68, 70]) }),
      withAttachment({ name: 'list.xlsx', type: '', bytes: new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]) })];
    for (const mail of lost) {
      const list = await found(mail);
      expect(list.audience).toEqual({ kind: 'listed', people: null });
      expect(forPerson(list, asha).meant).toBe('ask');
    }
  });

  test('a list of roll numbers cannot be matched for someone whose roll number is not known', async () => {
    const list = await found(withAttachment(csv('Roll No\n23CS1042\n23CS1043\n')));
    expect(forPerson(list, personCalled('Asha Rao', 'asha@elsewhere.example')).meant).toBe('ask');
  });

  test('a zip that would unpack to more than 50 MB is not opened', async () => {
    const { bytes } = await xlsx([['Roll No'], ['23CS1042']]);
    expect(isSmallZip(bytes)).toBe(true);
    const bomb = bytes.slice();
    const view = new DataView(bomb.buffer);
    for (let at = 0; at + 46 < bomb.length; at += 1) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0x7fffffff, true);
    expect(isSmallZip(bomb)).toBe(false);
    expect(await peopleFromAttachment({ name: 'a.xlsx', type: '', bytes: bomb })).toBeNull();
    expect(await peopleFromAttachment({ name: 'a.xlsx', type: '', bytes: new Uint8Array(5_000_001) })).toBeNull();
  });

  test('everyone on a generated list is found by roll number, and no one else', () => {
    const roll = fc.integer({ min: 1000, max: 9999 }).map((number) => `23ME${number}`);
    fc.assert(fc.property(fc.uniqueArray(roll, { minLength: 2, maxLength: 30 }), roll, (rolls, other) => {
      const list = findTextList(`Shortlisted:\n\n${rolls.map((one, index) => `${index + 1}. ${one} Ritu P`).join('\n')}\n\nRegards`);
      expect(list?.rows.map(({ rollNumber }) => rollNumber)).toEqual(rolls);
      expect(list?.rows.some(({ rollNumber }) => rollNumber === other)).toBe(rolls.includes(other));
    }));
  });

  test('no bytes and no cells make it throw', async () => {
    fc.assert(fc.property(fc.array(fc.array(fc.string(), { maxLength: 5 }), { maxLength: 10 }), (grid) => { peopleFromGrid(grid); }));
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('a.csv', 'a.xlsx'), async (tail, name) => {
      await peopleFromAttachment({ name, type: '', bytes: new Uint8Array([0x50, 0x4b, 3, 4, ...tail]) });
    }));
  });
});
