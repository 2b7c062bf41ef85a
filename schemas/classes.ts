// Calling a class off, and leave of faculty members.
import { z } from 'zod';
import { component } from './components.ts';
import { day, dayInPath, id, idInPath } from './values.ts';

export const classParams = z.object({ id: idInPath });

export const cancelledAnswer = component('CancelledClass', 'The class does not take place, or is no longer listed.', z.object({ id, status: z.enum(['cancelled', 'archived']) }));

export const leaveBody = z.strictObject({
  from: dayInPath.describe('The first day of the leave.'),
  to: dayInPath.describe('The last day of the leave.'),
});

export const leaveAnswer = component('Leave', 'Days on which a faculty member is away, both included.', z.object({ from: day, to: day }));
