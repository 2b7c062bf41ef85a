// attendance/<session>: the taking of attendance in one session. It watches until the session is completed, completes it when
// nobody does, and then sees to what follows from it. Opening, extending, rotating and completing are rows before it hears of them.
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { records } from './activities.ts';
import { completed, extended, Inbox, opened, rotated } from './messages.ts';
import { show } from './visibility.ts';

const KIND = 'attendance';

export async function attendanceSession(sessionId: number): Promise<void> {
  const inbox = new Inbox();
  for (const message of [opened, extended, rotated, completed]) setHandler(message, (sent) => void inbox.take(sent));

  let followed = false;
  for (;;) {
    const known = inbox.count;
    const progress = await records.takingProgress(sessionId);
    if (progress?.status !== 'open') {
      if (progress && !followed) await records.followCompletion(sessionId);
      followed = progress !== null;
      if (inbox.count > known) continue;
      show(KIND, progress ? 'completed' : 'off', progress ? 'Attendance is completed.' : 'Attendance is not taken in this session.');
      break;
    }
    show(KIND, 'open', `Attendance is open. Next, a second check or its completion, at ${progress.nextAt}.`, progress.departmentId);
    // Not at once: the clock that decides is not this one.
    const left = Math.max(1_000, Date.parse(progress.nextAt) - Date.now());
    const changed = await condition(() => inbox.count > known, left);
    if (!changed) await records.takeAttendanceStep(sessionId);
  }
  await condition(allHandlersFinished);
}
