import type { IncomingMessage, ServerResponse } from 'node:http';

export type Input = Record<string, unknown>;

/** An answer of one of AWS's JSON protocols. */
export interface JsonAnswer {
  status: number;
  body: Record<string, unknown>;
}

/**
 * Answers calls in the place of the local AWS; undefined: this one is not for it. `target` is as `X-Amz-Target` has it,
 * `passed` has the local AWS answer, which also judges the call by IAM.
 */
export type Front = (
  target: string,
  input: Input,
  passed: () => Promise<JsonAnswer>,
) => Promise<JsonAnswer> | undefined;

/** An error as AWS's JSON protocols say it. */
export const refusal = (name: string, message: string): JsonAnswer => ({
  status: 400,
  body: { __type: name, message },
});

export const readAnswer = async (answer: IncomingMessage): Promise<JsonAnswer> => {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
  return { status: answer.statusCode ?? 502, body };
};

export const writeAnswer = (response: ServerResponse, { status, body }: JsonAnswer): void => {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
};
