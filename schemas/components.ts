// The shapes that the OpenAPI document names; every answer refers to them.
import { z } from 'zod';

export const components = z.registry<{ id?: string; description?: string }>();

/** Gives a shape its name in the OpenAPI document. */
export function component<Shape extends z.ZodType>(name: string, description: string, shape: Shape): Shape {
  components.add(shape, { id: name, description });
  return shape;
}
