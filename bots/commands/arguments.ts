// Arguments that several commands have.
import { z } from 'zod';

export const noWords = z.tuple([]);
