// Answers as the API speaks: names in snake_case, instants as ISO 8601 in UTC. The answer's schema then keeps only what
// it names, so nothing leaves that it doesn't.

type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : Name;

export type SnakeCased<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? SnakeCased<Item>[]
    : Value extends object
      ? { [Name in keyof Value as Name extends string ? Snake<Name> : never]: SnakeCased<Value[Name]> }
      : Value;

/** Converts plain data: objects, arrays, dates and scalars. */
export function snakeCased<Value>(value: Value): SnakeCased<Value> {
  return convert(value) as SnakeCased<Value>;
}

function convert(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snakeName(name), convert(inner)]));
}

const snakeName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
