// Calendar feeds say what the rows say.
import type { Knex } from 'knex';
import { parseCalendar } from '../../domain/calendar/parsed-calendar.ts';

const DAY_MS = 24 * 3_600_000;

interface Shown {
  uid: string;
  status: string;
  startsAt: Date;
  endsAt: Date;
}

export async function feedViolations(
  knex: Knex, now: Date, { userIds, feedOf }: { userIds: number[]; feedOf: (userId: number) => Promise<string> },
): Promise<string[]> {
  const violations: string[] = [];
  for (const userId of userIds) {
    const shown = new Set(parseCalendar(await feedOf(userId)).events.map(({ uid, status, start, end }) => `${uid} ${status} ${start} ${end}`));
    const wanted = new Set((await wantedFor(knex, now, userId)).map(({ uid, status, startsAt, endsAt }) => `${uid} ${status} ${spoken(startsAt)} ${spoken(endsAt)}`));
    for (const event of [...wanted].filter((one) => !shown.has(one))) violations.push(`the feed of user ${userId} lacks: ${event}`);
    for (const event of [...shown].filter((one) => !wanted.has(one))) violations.push(`the feed of user ${userId} should not have: ${event}`);
  }
  return violations;
}

/** As ical.js writes UTC. */
const spoken = (date: Date) => date.toISOString().replace('.000', '');

/** The last thirty days and the next hundred and eighty; what is off is shown so for thirty days. So is a class for which another is attended. */
async function wantedFor(knex: Knex, now: Date, user: number): Promise<Shown[]> {
  const [from, to] = [new Date(now.getTime() - 30 * DAY_MS), new Date(now.getTime() + 180 * DAY_MS)];
  const classes = (who: string, isOff: string) => `
    select concat('session-', s.id, '@beadle') as uid, if(${isOff}, 'CANCELLED', 'CONFIRMED') as status, s.starts_at as startsAt, s.ends_at as endsAt
    from schedule as s join faculty_assignment as a on a.id = s.assignment_id ${who}
    where s.starts_at < :to and s.ends_at > :from and (s.status <> 'cancelled' or s.updated_at >= :from)`;
  const isCancelled = "s.status = 'cancelled'";
  const isElsewhere = `${isCancelled} or exists (select 1 from replacements as x where x.student_id = st.id and x.instead_of_id = s.id)`;
  const parts = [
    classes('join faculty as f on f.id = a.faculty_id and f.user_id = :user', isCancelled),
    classes(`join students as st on st.user_id = :user
      join student_subject as e on e.student_id = st.id and e.section_id = a.section_id and e.subject_id = a.subject_id
        and s.kind = 'regular' and e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)`, isElsewhere),
    classes('join students as st on st.user_id = :user join replacements as p on p.student_id = st.id and p.session_id = s.id', isElsewhere),
    `select concat('interview-', i.id, '@beadle') as uid, case i.status when 'asked' then 'TENTATIVE' when 'confirmed' then 'CONFIRMED' else 'CANCELLED' end as status,
      i.starts_at as startsAt, i.ends_at as endsAt
    from student_company_drive as i join students as st on st.id = i.student_id and st.user_id = :user
    where i.starts_at is not null and i.date >= date(:from) and i.status in ('asked', 'confirmed', 'cancelled') and (i.status <> 'cancelled' or i.updated_at >= :from)`,
  ];
  const results = await Promise.all(parts.map((sql) => knex.raw(sql, { user, from, to })));
  return results.flatMap(([rows]) => rows as Shown[]);
}
