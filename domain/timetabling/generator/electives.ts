// The generator's electives: taught in bands of slots that sections keep free, chosen by single students across departments.

import type { Random } from '../random.ts';
import type { Enrolment } from '../university.ts';
import { happens, shuffled, type Calendar, type DraftClass, type DraftMeeting, type DraftSection } from './draft.ts';

/** Electives of a band that a section's students choose from, at the least; one of them may be of any department. */
const MENU = 3;
const MOST_STUDENTS = 120;

/** `count` electives, in bands in turn, each with two or three lectures in slots of its band. */
export function draftElectives(random: Random, calendar: Calendar, departments: number, bandSlots: readonly (readonly number[])[], count: number): DraftClass[] {
  const weekly = calendar.days * calendar.periods;
  return Array.from({ length: count }, (_, index) => {
    const departmentIndex = Math.floor((index * departments) / count);
    const band = index % bandSlots.length;
    const slots = shuffled(random, (bandSlots[band] ?? []).filter((slot) => slot < weekly)).slice(0, happens(random, 70) ? 3 : 2);
    const meetings = slots.map((slot, occurrence): DraftMeeting => ({
      part: 0, occurrence, day: Math.floor(slot / calendar.periods), period: slot % calendar.periods, length: 1, week: 'every',
    }));
    return {
      id: `E${index + 1}`, subject: `E${index + 1}`, department: `D${departmentIndex + 1}`, departmentIndex, sections: [], size: 0, meetings, band,
      parts: [{ kind: 'lecture', count: slots.length, length: 1, roomKind: 'lecture hall', equipment: happens(random, 40) ? ['projector'] : [], week: 'every' }],
    };
  });
}

/**
 * Students of the second year and above choose one elective in each of their section's bands (one in ten leaves it), most of them among
 * those of departments near their own. Returns the enrolments and the number of students of each elective.
 */
export function chooseElectives(random: Random, sections: readonly DraftSection[], electives: readonly DraftClass[]): { enrolments: Enrolment[]; sizes: Map<string, number> } {
  const sizes = new Map(electives.map(({ id }) => [id, 0]));
  const choosing = sections.filter(({ year }) => year > 0);
  const byBand = Map.groupBy(electives, ({ band }) => band);
  const asked = new Map<number, number>();
  const enrolments = choosing.flatMap((section) => {
    const menus = section.bands.map((band) => {
      const before = asked.get(band) ?? 0;
      asked.set(band, before + 1);
      const sections = choosing.filter(({ bands }) => bands.includes(band)).length;
      return menuOf(random, byBand.get(band) ?? [], before, sections);
    });
    return Array.from({ length: section.size }, (_, index): Enrolment => {
      const classes = menus.flatMap((menu) => {
        const chosen = happens(random, 90) ? choose(random, menu.filter((id) => (sizes.get(id) ?? 0) < MOST_STUDENTS)) : undefined;
        return chosen === undefined ? [] : [chosen];
      });
      for (const id of classes) sizes.set(id, (sizes.get(id) ?? 0) + 1);
      return { student: `${section.id}/${index + 1}`, section: section.id, classes, unavailable: [] };
    }).filter(({ classes }) => classes.length > 0);
  });
  return { enrolments, sizes };
}

/** What the section at `position` of so many may choose in a band: electives near it, enough that each is offered to somebody, and one of anywhere. */
function menuOf(random: Random, electives: readonly DraftClass[], position: number, sections: number): string[] {
  if (electives.length === 0) return [];
  const size = Math.min(electives.length, Math.max(MENU - 1, Math.ceil(electives.length / sections)));
  const first = Math.floor((position * electives.length) / sections);
  const near = Array.from({ length: size }, (_, offset) => electives[(first + offset) % electives.length]?.id ?? '');
  return [...new Set([...near, electives[random.below(electives.length)]?.id ?? ''])];
}

/** The first is twice as popular as each other. */
function choose(random: Random, menu: readonly string[]): string | undefined {
  return menu.length === 0 ? undefined : menu[Math.max(0, random.below(menu.length + 1) - 1)];
}
