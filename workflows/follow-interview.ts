// interview/<id>: one interview that hits a class. It excuses the student and joins the rounds of the classes hit, does so
// anew whenever the interview changes, and ends when the interview is over or hits nothing any more.
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { records } from './activities.ts';
import { changed, Inbox } from './messages.ts';
import { show } from './visibility.ts';

export async function followInterview(interviewId: number): Promise<void> {
  const inbox = new Inbox();
  setHandler(changed, (message) => void inbox.take(message));

  for (;;) {
    const known = inbox.count;
    const { until, departmentId, excused } = await records.followInterview(interviewId);
    if (until === null) {
      if (inbox.count > known) continue;
      break;
    }
    show('interview', 'watching', `Excuses from **${excused}** classes. Waits for a change of the interview, until ${until}.`, departmentId);
    const changedInTime = await condition(() => inbox.count > known, Math.max(1, Date.parse(until) - Date.now()));
    if (!changedInTime) break;
  }
  show('interview', 'over', 'Nothing to watch any more.');
  await condition(allHandlersFinished);
}
