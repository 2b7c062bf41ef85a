// The asking person.
import { z } from 'zod';
import { component } from './components.ts';
import { id } from './values.ts';

export const personAnswer = component('Person', 'The person whom the token signs in.', z.object({
  user_id: id,
  name: z.string(),
  email: z.string(),
  role: z.enum(['student', 'cr', 'faculty', 'hod', 'admin', 'registrar', 'system']),
  department_id: id.nullable(),
  student_id: id.nullable(),
  faculty_id: id.nullable(),
  locale: z.string().describe('BCP 47'),
  time_zone: z.string().describe('IANA'),
}));
