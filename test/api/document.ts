// The OpenAPI document as a client reads it: its operations, requests made from its schemas, and answers checked by them.
import fc from 'fast-check';
import { z } from 'zod';

export type Schema = { [keyword: string]: unknown };

export interface Operation {
  path: string;
  method: string;
  secured: boolean;
  parameters: { in: string; name: string; required: boolean; schema: Schema }[];
  body: Schema | null;
  /** By status; null where it has no body. */
  responses: Map<number, Map<string, Schema> | null>;
}

interface Document {
  paths: Record<string, Record<string, {
    security?: unknown;
    parameters?: { in: string; name: string; required?: boolean; schema: Schema }[];
    requestBody?: { content: Record<string, { schema: Schema }> };
    responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  }>>;
}

/** Every operation, its references replaced by what they refer to. */
export function operationsOf(document: object): Operation[] {
  const { paths } = resolved(document, document) as Document;
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
    path, method: method.toUpperCase(), secured: operation.security !== undefined,
    parameters: (operation.parameters ?? []).map((parameter) => ({ ...parameter, required: parameter.required ?? false })),
    body: operation.requestBody?.content['application/json']?.schema ?? null,
    responses: new Map(Object.entries(operation.responses).map(([status, { content }]) => [
      Number(status), content ? new Map(Object.entries(content).map(([type, { schema }]) => [type, schema])) : null,
    ])),
  })));
}

function resolved(node: unknown, document: object): unknown {
  if (Array.isArray(node)) return node.map((item) => resolved(item, document));
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node && typeof node.$ref === 'string') {
    const target = node.$ref.slice('#/'.length).split('/').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    if (target === undefined) throw new Error(`${node.$ref} leads nowhere`);
    return resolved(target, document);
  }
  return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, resolved(inner, document)]));
}

/** What is wrong with an answer by the document; null when nothing is. */
export function faultOf(operation: Operation, answer: { statusCode: number; headers: Record<string, unknown>; body: string }): string | null {
  const declared = operation.responses.get(answer.statusCode);
  if (declared === undefined) return `${answer.statusCode} is not declared`;
  if (answer.statusCode >= 500) return `${answer.statusCode}: ${answer.body}`;
  if (declared === null) return answer.body === '' ? null : 'a body where none is declared';
  const type = String(answer.headers['content-type']).split(';')[0]!;
  const schema = declared.get(type);
  if (!schema) return `${type} is not declared`;
  const read = z.fromJSONSchema(schema).safeParse(type === 'application/json' ? JSON.parse(answer.body) : answer.body);
  return read.success ? null : z.prettifyError(read.error);
}

/** Values that a schema allows. */
export function allowedBy(schema: Schema): fc.Arbitrary<unknown> {
  const { type, enum: choices, anyOf, oneOf, properties = {}, required = [], minimum = 0, maximum = 2 ** 31, format, pattern } = schema;
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  if (Array.isArray(anyOf ?? oneOf)) return fc.oneof(...((anyOf ?? oneOf) as Schema[]).map(allowedBy));
  if (type === 'integer') return fc.integer({ min: Number(minimum), max: Number(maximum) });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (format === 'date' || format === 'date-time') {
    return fc.date({ min: new Date(0), max: new Date('2300-01-01'), noInvalidDate: true })
      .map((date) => (format === 'date' ? date.toISOString().slice(0, 10) : date.toISOString()));
  }
  if (format === 'uri') return fc.webUrl();
  if (type === 'string') return typeof pattern === 'string' ? fc.stringMatching(new RegExp(pattern)) : fc.string();
  if (type === 'array') return fc.array(allowedBy(schema['items'] as Schema), { minLength: Number(schema['minItems'] ?? 0), maxLength: 5 });
  if (type === 'object') {
    const fields = Object.fromEntries(Object.entries(properties as Record<string, Schema>).map(([name, inner]) => [name, allowedBy(inner)]));
    return fc.record(fields, { requiredKeys: required as string[] });
  }
  throw new Error(`no values for ${JSON.stringify(schema)}`);
}
