// The pages for students and for who teaches, and what they are made of (A11, A12). What they ask for and do goes through the API.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../../schemas/errors.ts';
import { pageParts, type Pages, sendContent } from '../pages.ts';

const hide = true;
const partParams = z.object({ part: z.string() });

export function pageRoutes(pages: Pages): FastifyPluginAsyncZod {
  // A whole campus loads them from one address.
  const config = { rateLimit: false } as const;
  return async (app) => {
    for (const name of ['check-in', 'projector'] as const) {
      const page = { type: 'text/html', content: pages.page(name) };
      app.get(`/${name}`, { config, schema: { hide } }, async (request, reply) => sendContent(request, reply, page));
    }

    app.get('/web/:part', { config, schema: { hide, params: partParams } }, async (request, reply) => {
      const part = pageParts.find((name) => name === request.params.part);
      if (part === undefined) throw new Refusal('not-found');
      return sendContent(request, reply, pages.part(part));
    });
  };
}
