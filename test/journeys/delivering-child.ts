// A sender of its own process, for a test that kills it: sends what is due by mail until nothing is. Arguments: database URL,
// SMTP URL, and what time it is.
import { MockActivityEnvironment } from '@temporalio/testing';
import { DateTime } from 'luxon';
import { createDeliveryActivities } from '../../activities/delivering.ts';
import { createEmailSender } from '../../activities/email.ts';
import { openDatabase } from '../../db/connection.ts';
import { testContext } from '../support/context.ts';

const [url, smtpUrl, at] = process.argv.slice(2) as [string, string, string];
const started = DateTime.now();
const now = () => DateTime.fromISO(at, { zone: 'utc' }).plus(DateTime.now().diff(started));
const db = openDatabase(url);
const email = createEmailSender({ smtpUrl, from: 'Beadle <beadle@campus.example>', campusTimeZone: 'Asia/Kolkata', now });
const { deliverBatch } = createDeliveryActivities(testContext(db, { now }), { email });
const environment = new MockActivityEnvironment();
const batch = () => deliverBatch('email');
for (;;) {
  const { nextInMs } = await environment.run<[], Awaited<ReturnType<typeof batch>>, typeof batch>(batch);
  if (nextInMs === null) break;
  await new Promise((resolve) => setTimeout(resolve, nextInMs));
}
email.close();
await db.close();
