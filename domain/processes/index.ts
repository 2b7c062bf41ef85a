// The processes that run as Temporal workflows: their names, ids, task queues and messages. Whoever writes an intent,
// carries one out or handles a message takes them from here.

export const taskQueues = ['campus', 'mail', 'solver', 'notify'] as const;
export type TaskQueue = (typeof taskQueues)[number];

export const channels = ['telegram', 'email', 'push'] as const;
export type Channel = (typeof channels)[number];

/** A message to a process; `intentId` lets the workflow ignore one that it has seen. */
export interface Message {
  intentId: number;
}
export interface DecisionMessage extends Message {
  decisionId: number;
}

interface Process {
  /** The workflow's type: the name of its function in workflows/. */
  readonly workflowType: string;
  readonly taskQueue: TaskQueue;
  /** Its messages and how each is sent; a process that is not running is started with it. */
  readonly messages: Readonly<Record<string, 'signal' | 'update'>>;
}

export const processes = {
  /** One interview that hits a class: excuses, joins, adjusts, until the interview is over. */
  interview: { workflowType: 'followInterview', taskQueue: 'campus', messages: { changed: 'signal' } },
  /** One class session that interviews hit: gathers, plans, asks, applies; in rounds. */
  reschedule: { workflowType: 'rescheduleSession', taskQueue: 'campus', messages: { joined: 'signal', decided: 'update' } },
  /** The taking of attendance in one session, until it is completed; by itself in the end. */
  attendance: {
    workflowType: 'attendanceSession', taskQueue: 'campus',
    messages: { opened: 'update', extended: 'update', rotated: 'update', completed: 'update' },
  },
  /** One channel's deliveries: leases, sends, records until nothing is due. */
  deliver: { workflowType: 'deliverNotices', taskQueue: 'notify', messages: { wake: 'signal' } },
  /** An institution's sessions of the coming weeks, made from its weekly classes day by day until nothing is left to do. */
  makeSessions: { workflowType: 'makeSessions', taskQueue: 'campus', messages: { wake: 'signal' } },
  /** The making of a term's timetable in variants, as drafts. */
  timetable: { workflowType: 'generateTimetable', taskQueue: 'solver', messages: { requested: 'signal', cancelled: 'signal' } },
  /** One timetable that is put in force: its weekly classes, the term, and then everybody is told. */
  publish: { workflowType: 'publishTimetable', taskQueue: 'campus', messages: { wake: 'signal' } },
} as const satisfies Record<string, Process>;

export type ProcessName = keyof typeof processes;

export const workflowIds = {
  interview: (interviewId: number) => `interview/${interviewId}`,
  reschedule: (sessionId: number) => `reschedule/${sessionId}`,
  attendance: (sessionId: number) => `attendance/${sessionId}`,
  deliver: (channel: Channel) => `deliver/${channel}`,
  makeSessions: (organisationId: number) => `make-sessions/${organisationId}`,
  timetable: (jobId: string) => `timetable/${jobId}`,
  publish: (timetableId: number) => `publish/${timetableId}`,
};

/** The row id (or channel) at the end of a workflow's id. */
export function subjectOf(workflowId: string): string {
  return workflowId.slice(workflowId.indexOf('/') + 1);
}

/** What runs by the clock. Each starts the workflow of this type under a Temporal Schedule of this id. */
export const schedules = {
  'sweep-mailboxes': { workflowType: 'sweepMailboxes', taskQueue: 'mail' },
  'wake-deliveries': { workflowType: 'wakeDeliveries', taskQueue: 'notify' },
  'keep-house': { workflowType: 'keepHouse', taskQueue: 'campus' },
  'make-sessions': { workflowType: 'wakeSessionMakers', taskQueue: 'campus' },
} as const satisfies Record<string, { workflowType: string; taskQueue: TaskQueue }>;

export type ScheduleId = keyof typeof schedules;

/** Search attributes (keywords) of every workflow: what it is, whose department, where it stands. */
export const searchAttributes = ['BeadleKind', 'BeadleDepartment', 'BeadleStatus'] as const;
