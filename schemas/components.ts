// The shapes of answers that the OpenAPI document names.
import type { z } from 'zod';

/** Gives an answer's shape its name and description in the OpenAPI document. */
export function component<Shape extends z.ZodType>(id: string, description: string, shape: Shape): Shape {
  return shape.meta({ id, description });
}
