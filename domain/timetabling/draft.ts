// A timetable that is edited by hand, with what has to be looked up again and again while somebody drags its entries about.

import { Board } from './board.ts';
import { compile, placementOf, type Compiled } from './compile.ts';
import { classesOfSections } from './groups.ts';
import { modelOf } from './model.ts';
import { qualityOf, type Quality } from './score.ts';
import { State } from './state.ts';
import { meetingKey, type Enrolment, type Entry, type TaughtClass, type University } from './university.ts';
import type { QualityWeights } from './variants.ts';

/** Made once and good for any number of questions: none of them changes what the next one sees. */
export interface Draft {
  readonly university: University;
  readonly entries: readonly Entry[];
  readonly weights: QualityWeights;
  readonly quality: Quality;
  readonly compiled: Compiled;
  /** Events by the key of their meeting. */
  readonly eventOf: ReadonlyMap<string, number>;
  readonly entryOf: ReadonlyMap<string, Entry>;
  readonly board: Board;
  /** The costs of the entries whose slot and room are among those that they may have; the others are at -1 and not in it. Its violations mean nothing. */
  readonly state: State;
  readonly classes: ReadonlyMap<string, TaughtClass>;
  /** Classes by the person who teaches them and by the section that attends them, as ids. */
  readonly classesOfFaculty: ReadonlyMap<string, readonly string[]>;
  readonly classesOfSection: ReadonlyMap<string, readonly string[]>;
  /** Enrolments of the students who attend a class, as one of a section or by choice. */
  readonly enrolmentsOf: ReadonlyMap<string, readonly Enrolment[]>;
}

/** @param weights of the variant by whose quality edits are judged */
export function draftOf(university: University, entries: readonly Entry[], weights: QualityWeights): Draft {
  const compiled = compile(university, weights);
  // Who edits by hand means to move things: nothing is to be paid for that.
  const model = modelOf({ ...compiled.problem, weights: { ...compiled.problem.weights, perturbation: 0 } });
  const board = new Board(model, placementOf(university, compiled, entries));
  const classesOfSection = classesOfSections(university);
  const classesOfFaculty = new Map<string, string[]>(university.faculty.map(({ id }) => [id, []]));
  for (const { id, faculty } of university.classes) for (const member of new Set(faculty)) classesOfFaculty.get(member)?.push(id);
  const enrolmentsOf = new Map<string, Enrolment[]>(university.classes.map(({ id }) => [id, []]));
  for (const enrolment of university.enrolments) {
    const own = enrolment.section === null ? [] : classesOfSection.get(enrolment.section) ?? [];
    for (const id of new Set([...own, ...enrolment.classes])) enrolmentsOf.get(id)?.push(enrolment);
  }
  return {
    university, entries, weights, compiled, board, classesOfFaculty, classesOfSection, enrolmentsOf,
    quality: qualityOf(university, entries, weights),
    eventOf: new Map(compiled.events.map(({ meeting }, event) => [meetingKey(meeting), event])),
    entryOf: new Map(entries.map((entry) => [meetingKey(entry), entry])),
    state: stateOf(board),
    classes: new Map(university.classes.map((taught) => [taught.id, taught])),
  };
}

function stateOf(board: Board): State {
  const { model } = board;
  const isIn = (event: number) => model.roomAllowed[model.eventKind[event]! * model.rooms + board.room[event]!] === 1 && board.startsOf(event).includes(board.slot[event]!);
  return new State({ ...model, placeable: model.placeable.filter(isIn) }, { slot: board.slot.map((slot, event) => (isIn(event) ? slot : -1)), room: board.room });
}
