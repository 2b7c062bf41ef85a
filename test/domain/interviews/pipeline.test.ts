// A mail's words → an interview or none.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCompany } from '../../../domain/interviews/company.ts';
import type { MailFields } from '../../../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../../../domain/interviews/pipeline.ts';
import { asha, campus, mailWith } from './mails.ts';

const find = (fields: MailFields) => extract(mailWith(fields), asha, campus);
const cell = 'TPO <tpo@institute.example.org>';

describe('I8 rules', () => {
  test.each([
    ['a labelled invitation', { subject: 'Next round', text: 'Role: Backend Intern\nDate: 20th May 2027 (Thursday)\nTime: 11.30 AM\nTechnical interview on Meet: https://meet.google.com/a-b' }, { kind: 'invite', start: '2027-05-20T11:30:00+05:30', role: 'Backend Intern', round: 'technical', mode: 'online', link: 'https://meet.google.com/a-b' }],
    ['a drive of the placement cell', { from: cell, subject: 'Gentle reminder: Larkspur Foods online test is scheduled on 21-05-2027 by 3pm @ Lab 2', text: 'Bring your ID.' }, { kind: 'invite', company: 'Larkspur Foods', start: '2027-05-21T15:00:00+05:30', mode: 'on-campus', audience: { kind: 'open' } }],
    ['a call', { subject: 'Phone screen', text: 'You are invited to a phone screen on Friday at 4 pm. We will dial your number. It takes 25 minutes.' }, { kind: 'invite', start: '2027-05-14T16:00:00+05:30', end: '2027-05-14T16:25:00+05:30', mode: 'phone' }],
    ['a moved interview', { subject: 'Interview', text: 'Your interview of 20 May, 10 AM has been moved to 22 May, 2 PM.' }, { kind: 'reschedule', start: '2027-05-22T14:00:00+05:30', previousStart: '2027-05-20T10:00:00+05:30' }],
    ['a moved hour', { subject: 'Interview', text: 'The HR round on 20 May is shifted from 5 PM to 6 PM.' }, { kind: 'reschedule', start: '2027-05-20T18:00:00+05:30', previousStart: '2027-05-20T17:00:00+05:30' }],
    ['the new date said first', { subject: 'Change of date', text: 'The interview will now be held on 22 May at 2 PM instead of 20 May.' }, { kind: 'reschedule', start: '2027-05-22T14:00:00+05:30', previousStart: '2027-05-20' }],
    ['a cancelled interview', { subject: 'Interview', text: 'We have to call off your interview on Friday at 4 pm. We will get back with a new time.' }, { kind: 'cancel', start: '2027-05-14T16:00:00+05:30' }],
    ['a deadline beside the date', { from: cell, subject: 'Larkspur aptitude test', text: 'Aptitude test: 24 May, 10:00-11:30 hrs, Lab 4. Confirm by 22 May 6 PM.' }, { kind: 'invite', start: '2027-05-24T10:00:00+05:30', end: '2027-05-24T11:30:00+05:30' }],
    ['a policy on rescheduling', { subject: 'Interview', text: 'Your interview is confirmed for 20 May at 10 AM. If you need to reschedule or cancel, use this link.' }, { kind: 'invite' }],
  ] as [string, MailFields, object][])('%s', async (_name, fields, expected) => {
    expect(await find(fields)).toMatchObject({ found: true, source: 'rules', ...expected });
  });

  test('a forwarded mail speaks, with its own date for tomorrow; its header lines are no dates', async () => {
    const text = '---------- Forwarded message ---------\nFrom: Kestrel <hr@kestrel.example>\nDate: Mon, 10 May 2027 at 17:00\nSubject: Interview\n\nPlease come to the HR interview the day after tomorrow at 5 pm.';
    expect(await find({ from: cell, subject: 'Fwd: Interview', text })).toMatchObject({ start: '2027-05-12T17:00:00+05:30' });
  });

  test('quoted text below a reply is not the mail\'s word', async () => {
    const text = 'Noted, thanks.\n\nOn Tue, 11 May 2027, Asha wrote:\n> Is the technical interview scheduled on 20 May at 10 AM?';
    expect(await find({ subject: 'Re: Interview', text })).toMatchObject({ found: null });
  });

  test('an open call is asked about, a personal one is not', async () => {
    const open = await find({ from: cell, subject: 'Larkspur walk-in', text: 'Walk-in interviews on 21 May, 9 AM, Gate 3.' });
    const own = await find({ text: 'Dear Asha, your interview is scheduled on 20 May at 10 AM.' });
    expect([open, own].map((one) => one.found && forPerson(one, asha).meant)).toEqual(['ask', 'yes']);
  });
});

describe('I12 what is no interview', () => {
  test.each([
    ['rejection', 'Your application', 'Thank you for the interview on 10 May. We regret to inform you that we will not be moving forward.'],
    ['receipt', 'Application received', 'We have received your application on 12 May 2027. Interviews are held in June.'],
    ['job-alert', 'Jobs for you', '12 new jobs for analysts. Walk-in on 21 May. Apply now.'],
    ['newsletter', 'Interview tips', 'This week\'s top stories. Next edition on Monday 8 AM.'],
    ['one-time-password', 'Code', '553120 is your code for the interview portal, valid until 12 May 6 PM.'],
    ['webinar', 'Crack the interview', 'Join our webinar on 20 May at 6 PM.'],
    ['results', 'Results of the online test', 'Results: selected students of 10 May are listed. Felicitation on 20 May at 3 PM.'],
    ['availability-request', 'Interview', 'Please share your availability for an interview between 20 and 24 May.'],
    ['availability-request', 'Interview', 'Pick a slot for your interview on our page. Slots open on 20 May at 10 AM.'],
    ['deadline-only', 'Online assessment', 'Complete the assessment by 20 May 2027, 11:59 PM.'],
    ['registration', 'Larkspur drive registration', 'Interested students register by 20 May 5 PM. Drive in June.'],
    ['talk-only', 'Larkspur PPT', 'Pre-placement talk by Larkspur on 20 May at 5 PM in Hall 1, campus.'],
    ['offer', 'Offer letter', 'We are pleased to offer you the role. Joining on 1 July 2027 at 9 AM.'],
    ['academic', 'Mid-sem', 'Mid-semester test of CS204 on 20 May at 10 AM. Seat slots on the board, role call at 9.'],
    ['other-appointment', 'Visa interview', 'Your visa interview is scheduled on 20 May at 9 AM at the consulate.'],
    ['user-research', 'User interview', 'Usability session on 20 May at 7 PM, with a gift card.'],
    ['scam', 'Interview letter', 'Pay Rs 900 to release your interview letter for 20 May, 10 AM.'],
    ['club', 'Mock interview', 'Mock interviews by seniors on 20 May at 10 AM.'],
    ['automatic-reply', 'Out of office', 'I am out of the office until 20 May; interviews will be answered later.'],
    ['survey', 'Your interview', 'Rate your interview of 10 May. The survey closes 20 May, 5 PM.'],
    ['details-to-follow', 'Shortlist', 'You are shortlisted for the technical interview. Details to follow on Monday.'],
  ])('%s: %s', async (reason, subject, text) => {
    const extraction = await find({ from: 'Desk <desk@somewhere.example>', subject, text });
    expect(extraction.found).toBeNull();
    expect({ reason, got: extraction.found === null ? extraction.reason : '' }).toEqual({ reason, got: reason });
  });

  test('an automatic reply by its headers is none whatever it says', async () => {
    expect(await extract({ ...mailWith({ text: 'Your interview is scheduled on 20 May at 10 AM.' }), automatic: true }, asha, campus)).toMatchObject({ found: null, reason: 'automatic-reply' });
  });

  test('an interview that is over is none', async () => {
    expect(await find({ text: 'Your interview was scheduled on 3 May 2027 at 10 AM.' })).toMatchObject({ found: null });
  });
});

describe('I7 the company', () => {
  const from = { name: 'Priya', address: 'priya@recruiting.lever.co' };
  test.each([
    ['Interview with Redwood Mills on Friday', '', 'Redwood Mills'],
    ['Drive: Larkspur Foods Pvt. Ltd.', '', 'Larkspur Foods'],
    ['Gentle Reminder : Opal Motors - Online test is scheduled on 20 May', '', 'Opal Motors'],
    ['Invitation', 'Company: Birch & Sons Limited\nRole: Analyst', 'Birch & Sons'],
    ['Confirmed', 'Posting: Data Intern, Granite Cloud', 'Granite Cloud'],
    ['Next step', 'See you on Friday.\n\nRegards,\nPriya\nHR, Jade Pharma', 'Jade Pharma'],
    ['ERP Trainee interview', 'on Monday', null],
  ])('of "%s"', (subject, text, company) => {
    expect(findCompany(subject, text, from)).toBe(company);
  });

  test('is spelled as the text does where the sender\'s domain agrees', () => {
    expect(findCompany('Hello', 'The team at Nilgiri Silk Mills waits for you.', { name: 'HR', address: 'hr@nilgirisilk.example' })).toBe('Nilgiri Silk Mills');
  });
});

describe('I10 hostile mail', () => {
  test('long runs of what the rules look for are read to the end', async () => {
    const runs = ['1', '1/', '10:00 - ', 'a ', 'A', 'Interview ', 'from 5 PM to ', '(', ' | ', '> ', 'http://a/?', '«name»', '20 May ', '\n', 'in the morning ', 'Aa Bb ', '.', '- ', 'à', '<td>', 'register by ', '1 & '];
    for (const run of runs) await find({ subject: run.repeat(500), text: run.repeat(Math.ceil(120_000 / run.length)), html: run === '<td>' ? run.repeat(60_000) : '' });
  });

  test('no text makes it throw', async () => {
    const word = fc.constantFrom('interview', 'on', '20 May', 'at', '10 AM', 'moved to', 'cancelled', '|', '\n', '<p>', '99/99/9999', '25:99', 'Fwd:', '> ', 'Asha Rao', '23CS1042', '10.00 - Ritu P');
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }).map((words) => words.join(' ')));
    await fc.assert(fc.asyncProperty(text, text, text, async (subject, body, html) => { await find({ subject, text: body, html }); }));
  });
});
