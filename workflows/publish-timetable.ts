// publish/<timetable>: puts a timetable in force. Its weekly classes are written in batches, then the term's row is turned, then everybody is told.
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { records } from './activities.ts';
import { Inbox, wake } from './messages.ts';
import { show } from './visibility.ts';

const KIND = 'publish';

export async function publishTimetable(timetableId: number): Promise<void> {
  const inbox = new Inbox();
  setHandler(wake, (message) => void inbox.take(message));
  for (let known = -1; known !== inbox.count;) {
    known = inbox.count;
    show(KIND, 'writing', 'Writes the weekly classes.');
    for (let after: number | null = 0; after !== null;) after = await records.writeNextClasses(timetableId, after);
    const publishedAt = await records.enforceTimetable(timetableId);
    if (publishedAt === null) {
      show(KIND, 'off', 'It was taken back before it was in force.');
    } else {
      show(KIND, 'telling', 'It is in force; everybody is told.');
      for (let after: number | null = 0; after !== null;) after = await records.tellOfPublication(timetableId, publishedAt, after);
      show(KIND, 'done', 'It is in force.');
    }
    await condition(allHandlersFinished);
  }
}
