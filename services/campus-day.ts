// The campus's day of this moment.
import type { ServiceContext } from './context.ts';

/** YYYY-MM-DD. */
export const campusDay = (context: ServiceContext): string => context.now().setZone(context.campus.timeZone).toISODate()!;
