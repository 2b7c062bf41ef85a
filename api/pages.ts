// The pages in web/: read once, their sentences put in. What they are made of is sent as it is.
import { readFileSync } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../locales/escape.ts';
import { languageOf, pageSentences } from '../locales/index.ts';
import { isUnchanged } from './conditional.ts';

const PAGES = ['check-in', 'projector', 'sign-in'] as const;
type PageName = (typeof PAGES)[number];

const folder = new URL('../web/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

/** What pages load, and as what. */
const PARTS = {
  'beadle.css': 'text/css', 'beadle.js': 'text/javascript', 'check-in.js': 'text/javascript', 'projector.js': 'text/javascript',
} as const;
export const pageParts = Object.keys(PARTS) as (keyof typeof PARTS)[];

/** No script, style, frame or picture but our own; the QR code is a picture in the page. */
export const pagePolicy = {
  'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'"], 'img-src': ["'self'", 'data:'], 'connect-src': ["'self'"],
  'form-action': ["'self'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"],
};

export interface Pages {
  /** @param values put into the page where it says `{{name}}` */
  page(name: PageName, values?: Readonly<Record<string, string>>): string;
  part(name: keyof typeof PARTS): { type: string; content: string };
}

/** @param locale of the pages, before anybody is signed in */
export function createPages(locale: string): Pages {
  const sentences = pageSentences(locale);
  const { lang, dir } = languageOf(locale);
  const shared: Record<string, string> = {
    lang, dir, ...Object.fromEntries(Object.entries(sentences).map(([name, sentence]) => ['pages.' + name, sentence])),
  };
  // As data in a script element: nothing in it may end that element.
  const data = JSON.stringify(sentences).replaceAll('<', '\\u003c');
  const put = (text: string, values: Readonly<Record<string, string>>) => text.replaceAll(/\{\{([\w.-]+)\}\}/g, (_, name: string) => {
    if (name === 'sentences') return data;
    return escapeHtml(values[name] ?? shared[name]!);
  });
  const templates = new Map(PAGES.map((name) => [name, read(`${name}.html`)]));
  const parts = new Map(pageParts.map((name) => [name, { type: PARTS[name], content: read(name) }]));
  return {
    page: (name, values = {}) => put(templates.get(name)!, values),
    part: (name) => parts.get(name)!,
  };
}

/** Sends a page or a part of one; a browser asks each time whether what it has is still right. */
export function sendContent(request: FastifyRequest, reply: FastifyReply, { type, content }: { type: string; content: string }): FastifyReply {
  void reply.header('cache-control', 'no-cache');
  if (isUnchanged(request, reply, content)) return reply.code(304).send();
  return reply.type(`${type}; charset=utf-8`).send(content);
}

/** Whether a browser asks that shows what it gets. */
export const wantsPage = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') ?? false;
