// What identifies an event in every calendar that shows it, for ever: feeds and invitations by mail use the same.

export const sessionUid = (sessionId: number): string => `session-${sessionId}@beadle`;
export const interviewUid = (interviewId: number): string => `interview-${interviewId}@beadle`;
