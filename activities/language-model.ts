// The language model behind the OpenAI chat completions API: asks one question about one mail, with a strict answer.
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { modelAnswerSchema, SYSTEM_PROMPT, userPrompt } from '../domain/interviews/model-question.ts';
import type { AskModel } from '../domain/interviews/model-question.ts';

/** `baseURL` serves any compatible server. `timeoutMs` is for one try; rate limits and failures of the server are tried again. */
export interface LanguageModelSettings { apiKey: string; baseURL?: string; model: string; timeoutMs?: number; maxRetries?: number }

/** The model gave no usable answer. `permanent` ones (a wrong key, an unknown model, a refusal) do not get better by trying again. */
export class LanguageModelError extends Error {
  override readonly name = 'LanguageModelError';
  readonly permanent: boolean;

  constructor(message: string, permanent: boolean, cause?: unknown) {
    super(message, { cause });
    this.permanent = permanent;
  }
}

function explain(error: unknown, model: string): LanguageModelError {
  if (error instanceof LanguageModelError) return error;
  if (error instanceof OpenAI.AuthenticationError) return new LanguageModelError('the language model refuses the API key (OPENAI_API_KEY)', true, error);
  if (error instanceof OpenAI.PermissionDeniedError || error instanceof OpenAI.NotFoundError) return new LanguageModelError(`the language model "${model}" is not available to this key`, true, error);
  if (error instanceof OpenAI.RateLimitError) return new LanguageModelError('the language model is over its rate limit', false, error);
  if (error instanceof OpenAI.BadRequestError) return new LanguageModelError('the language model does not accept the question', true, error);
  if (error instanceof OpenAI.APIConnectionError) return new LanguageModelError('the language model cannot be reached', false, error);
  return new LanguageModelError('the language model failed', false, error);
}

/** An AskModel over HTTP. Throws LanguageModelError. */
export function createLanguageModel({ apiKey, baseURL, model, timeoutMs = 30_000, maxRetries = 3 }: LanguageModelSettings): AskModel {
  const client = new OpenAI({ apiKey, ...(baseURL ? { baseURL } : {}), timeout: timeoutMs, maxRetries });
  return async (mail) => {
    try {
      const completion = await client.chat.completions.create({
        model,
        messages: [{ role: 'system', content: SYSTEM_PROMPT }, { role: 'user', content: userPrompt(mail) }],
        response_format: zodResponseFormat(modelAnswerSchema, 'interview'),
      });
      const message = completion.choices[0]?.message;
      if (message?.refusal) throw new LanguageModelError('the language model declined to answer', true);
      const answer = modelAnswerSchema.safeParse(parseJson(message?.content ?? ''));
      if (!answer.success) throw new LanguageModelError('the language model answered in another shape than asked', false, answer.error);
      return {
        answer: answer.data,
        usage: { promptTokens: completion.usage?.prompt_tokens ?? 0, completionTokens: completion.usage?.completion_tokens ?? 0 },
      };
    } catch (error) {
      throw explain(error, model);
    }
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
