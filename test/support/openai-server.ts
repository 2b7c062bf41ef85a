// A local server that speaks POST /v1/chat/completions as the OpenAI API documents it, and refuses what that API would refuse.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server answers next: the content of the assistant's message, or a failure with its status. */
export type PlannedAnswer = { content: string; promptTokens?: number; completionTokens?: number } | { refusal: string } | { status: number; message: string; retryAfterSeconds?: number };

/** The question as it arrived. */
export interface ReceivedQuestion { model: string; system: string; user: string }

export interface OpenAiServer {
  /** For the client's `baseURL`. */
  baseURL: string;
  questions: ReceivedQuestion[];
  /** Queues answers; with none left the server answers 500. */
  plan(...answers: PlannedAnswer[]): void;
  close(): Promise<void>;
}

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a schema is not a strict one (structured outputs: every object closed, every property required), or null. */
function looseness(schema: unknown, path = 'schema'): string | null {
  if (!isJson(schema)) return `${path} is no object`;
  if (schema['type'] === 'object') {
    if (schema['additionalProperties'] !== false) return `'additionalProperties' is required to be supplied and to be false at ${path}`;
    const properties = isJson(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const missing = Object.keys(properties).find((key) => !required.includes(key));
    if (missing) return `'required' must include every key in properties; missing '${missing}' at ${path}`;
    for (const [key, inner] of Object.entries(properties)) {
      const reason = looseness(inner, `${path}.${key}`);
      if (reason) return reason;
    }
  }
  for (const inner of Array.isArray(schema['anyOf']) ? schema['anyOf'] : []) {
    const reason = looseness(inner, `${path}.anyOf`);
    if (reason) return reason;
  }
  return null;
}

/** Why the API would not accept a question, or null. */
function fault(body: Json, model: string): string | null {
  if (body['model'] !== model) return `The model '${String(body['model'])}' does not exist`;
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) return "'messages' must be a non-empty array";
  for (const message of messages) {
    if (!isJson(message) || !['system', 'developer', 'user', 'assistant'].includes(String(message['role'])) || typeof message['content'] !== 'string') return "Invalid value in 'messages'";
  }
  const format = body['response_format'];
  if (!isJson(format) || format['type'] !== 'json_schema' || !isJson(format['json_schema'])) return "Missing required parameter: 'response_format.json_schema'";
  const { name, strict, schema } = format['json_schema'];
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) return "Invalid 'response_format.json_schema.name'";
  if (strict !== true) return "'response_format.json_schema.strict' must be true";
  if (!isJson(schema) || schema['type'] !== 'object') return "schema must be of type 'object'";
  return looseness(schema);
}

function answerWith(response: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const errorBody = (message: string, type: string, code: string | null = null): Json => ({ error: { message, type, param: null, code } });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts the server on a free local port; `apiKey` and `model` are the only ones it knows. */
export async function startOpenAiServer({ apiKey, model }: { apiKey: string; model: string }): Promise<OpenAiServer> {
  const planned: PlannedAnswer[] = [];
  const questions: ReceivedQuestion[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return answerWith(response, 404, errorBody('Unknown request URL', 'invalid_request_error', 'unknown_url'));
    const text = await bodyOf(request);
    if (request.headers.authorization !== `Bearer ${apiKey}`) return answerWith(response, 401, errorBody('Incorrect API key provided', 'invalid_request_error', 'invalid_api_key'));
    if (!request.headers['content-type']?.startsWith('application/json')) return answerWith(response, 400, errorBody('Expected application/json', 'invalid_request_error'));
    const body: unknown = JSON.parse(text);
    const reason = isJson(body) ? fault(body, model) : 'The body is no JSON object';
    if (reason || !isJson(body)) return answerWith(response, 400, errorBody(reason ?? '', 'invalid_request_error'));
    const messages = body['messages'] as { role: string; content: string }[];
    questions.push({ model, system: messages.find(({ role }) => role === 'system')?.content ?? '', user: messages.find(({ role }) => role === 'user')?.content ?? '' });
    const next = planned.shift();
    if (!next) return answerWith(response, 500, errorBody('No answer was planned', 'server_error'));
    if ('status' in next) {
      const retry: Record<string, string> = next.retryAfterSeconds === undefined ? {} : { 'retry-after': String(next.retryAfterSeconds) };
      return answerWith(response, next.status, errorBody(next.message, 'requests'), retry);
    }
    const message = 'refusal' in next ? { role: 'assistant', content: null, refusal: next.refusal } : { role: 'assistant', content: next.content, refusal: null };
    const [prompt, completion] = 'content' in next ? [next.promptTokens ?? 1, next.completionTokens ?? 1] : [1, 1];
    answerWith(response, 200, {
      id: `chatcmpl-${questions.length}`, object: 'chat.completion', created: 1, model, choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
    });
  }

  const server = createServer((request, response) => { void handle(request, response); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`, questions,
    plan: (...answers) => { planned.push(...answers); },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
