// One text and one fingerprint for all recipients of a mail.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText, fingerprint } from '../../../domain/interviews/canonical.ts';
import { extract, forPerson } from '../../../domain/interviews/pipeline.ts';
import { campus, mailWith, personCalled } from './mails.ts';
import type { Person } from '../../../domain/interviews/types.ts';

const hex = (mail: ReturnType<typeof mailWith>, person: Person) => Buffer.from(fingerprint(mail, person)).toString('hex');
const student = fc.record({
  first: fc.constantFrom('Asha', 'Nikhil', 'Ritu', 'Faiz', 'Anne-Marie', 'Arjun', 'Zoë', '陈丽'), last: fc.constantFrom('Rao', 'Sharma', 'Pillai-Nair', 'D’Souza', 'Iyer'),
  roll: fc.integer({ min: 1000, max: 9999 }).map((number) => `23-CS-${number}`), token: fc.uuid(),
}).map(({ first, last, roll, token }) => ({ person: personCalled(`${first} ${last}`, `${roll.toLowerCase()}@students.example.org`, roll), first, token }));

const greeting = ({ person, first, token }: { person: Person; first: string; token: string }, slot = '10:00 AM') => mailWith({
  to: `${person.name} <${person.email}>`, subject: `${first}, your interview`,
  text: `Dear ${person.name} (${person.rollNumber}),\n\nYour interview with Kestrel is on 20 May 2027 at ${slot}.\nThis was sent to ${person.email}.\nDetails: https://click.kestrel.example/t/${token}\nhttps://kestrel.example/jobs?utm_id=${token}`,
  html: `<p>Hi ${first},</p><p>20 May, ${slot}</p><a href="https://kestrel.example/unsubscribe/${token}">unsubscribe</a>`,
});

describe('I3 the fingerprint of a mail', () => {
  test('is the same for copies that differ in greeting, own address, own roll number and tracking links', () => {
    fc.assert(fc.property(student, student, (one, other) => {
      expect(hex(greeting(one), one.person)).toBe(hex(greeting(other), other.person));
    }));
  });

  test('differs for two personal slots', () => {
    fc.assert(fc.property(student, student, (one, other) => {
      expect(hex(greeting(one, '10:00 AM'), one.person)).not.toBe(hex(greeting(other, '10:30 AM'), other.person));
    }));
  });

  test('is the same for everybody on a list that names them all', () => {
    const people = [personCalled('Asha Rao', 'asha@s.example.org', '23CS1042'), personCalled('Nikhil Sen', 'nikhil@s.example.org', '23CS1043')];
    const list = 'Shortlist for Kestrel, 20 May:\n23CS1042 | Asha Rao | 9:00 AM\n23CS1043 | Nikhil Sen | 9:30 AM';
    const [first, second] = people.map((person) => hex(mailWith({ text: `Dear ${person.name},\n${list}` }), person));
    expect(first).toBe(second);
  });

  test('differs from day to day, because tomorrow does', () => {
    const person = personCalled('Asha Rao', 'asha@s.example.org');
    const [today, later] = ['2027-05-12T10:00:00+05:30', '2027-05-13T10:00:00+05:30'].map((date) => hex(mailWith({ date, text: 'Interview tomorrow at 4 pm' }), person));
    expect(today).not.toBe(later);
  });

  test('takes calendar parts without what is the recipient\'s own', () => {
    const calendar = (person: Person, start: string) => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:${start}\r\nDTSTAMP:2027050${person.name.length}T000000Z\r\nATTENDEE;CN=${person.name}:mailto:${person.email}\r\nSUMMARY:Kestrel <> ${person.name}\r\nEND:VEVENT\r\nEND:VCALENDAR`;
    const [one, two] = [personCalled('Asha Rao', 'asha@s.example.org'), personCalled('Nikhil Sen', 'nikhil@s.example.org')];
    expect(hex(mailWith({ ics: calendar(one, '20270520T043000Z') }), one)).toBe(hex(mailWith({ ics: calendar(two, '20270520T043000Z') }), two));
    expect(hex(mailWith({ ics: calendar(one, '20270520T043000Z') }), one)).not.toBe(hex(mailWith({ ics: calendar(two, '20270520T050000Z') }), two));
  });

  test('has 32 bytes', () => {
    expect(fingerprint(mailWith({}), personCalled('', ''))).toHaveLength(32);
  });
});

describe('I3 the text that all recipients share', () => {
  test('other digits and other people stay', () => {
    const person = personCalled('Asha Rao', 'asha@s.example.org', '23CS1042');
    expect(canonicalText(mailWith({ text: 'Hi Asha, room 1042 at 10:42 with Ashar and Meera. 23CS1042' }), person)).toBe('Hi «name», room 1042 at 10:42 with Ashar and Meera. «roll»');
  });

  test('the parameters that open a meeting stay', () => {
    expect(canonicalText(mailWith({ text: 'https://zoom.us/j/77?pwd=abc&utm_source=x' }), personCalled('A', 'a@s.example.org'))).toBe('https://zoom.us/j/77?pwd=abc');
  });

  test('what is found says nothing of the recipient and is one for all of them', async () => {
    const people = [{ person: personCalled('Asha Rao', 'asha@s.example.org', '23CS1042'), first: 'Asha', token: 'a' }, { person: personCalled('Nikhil Sen', 'nikhil@s.example.org', '23CS1043'), first: 'Nikhil', token: 'b' }];
    const found = await Promise.all(people.map((one) => extract(greeting(one), one.person, campus)));
    expect(found[0]).toEqual(found[1]);
    expect(JSON.stringify(found[0])).not.toMatch(/Asha|Rao|asha@|23CS1042/);
    expect(JSON.parse(JSON.stringify(found[0]))).toEqual(found[0]);
    expect(found[0]?.found && forPerson(found[0], people[0]?.person ?? personCalled('', '')).meant).toBe('yes');
  });
});
