// Reasons for a time and obstacles against it, as domain/rescheduling gives them, in words.
import type { Coded } from '../domain/notices.ts';
import type { Obstacle } from '../domain/rescheduling/effect.ts';
import type { Reason } from '../domain/rescheduling/types.ts';
import type { Translate } from './index.ts';

/** The label of what a student has and others must not know. */
const UNNAMED = 'other';

/** What speaks for a time. */
export function reasonText(t: Translate, coded: Coded): string {
  const reason = coded as Reason;
  switch (reason.code) {
    case 'everyone-free':
      return t('reasons.everyone-free', { count: reason.students });
    case 'soon':
      return t('reasons.soon', { count: reason.days });
    default:
      return t(`reasons.${reason.code}`, coded);
  }
}

/** What stands against a time. */
export function obstacleText(t: Translate, coded: Coded): string {
  const obstacle = coded as Obstacle;
  switch (obstacle.code) {
    case 'students-busy':
      return t('obstacles.students-busy', {
        ...obstacle, label: obstacle.label === UNNAMED ? t('obstacles.something-else') : obstacle.label,
      });
    case 'no-room':
      return t('obstacles.no-room', { ...obstacle, kind: t(`room-kinds.${obstacle.kind as 'theory' | 'lab'}`) });
    default:
      return t(`obstacles.${obstacle.code}`, coded);
  }
}
