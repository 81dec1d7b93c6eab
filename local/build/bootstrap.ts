/**
 * Lambda's own Node.js runtime, in small, for the local stage: MiniStack's loses the name of a thrown error, and a
 * workflow catches by that name. In each local zip as `bootstrap`, started by the runtime `provided.al2023`.
 * Protocol: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Context {
  awsRequestId: string;
  getRemainingTimeInMillis: () => number;
}

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const env = (name: string) => process.env[name] ?? '';
const [hostname, port] = env('AWS_LAMBDA_RUNTIME_API').split(':');

const call = (method: string, path: string, body?: unknown): Promise<{ answer: IncomingMessage; text: string }> =>
  new Promise((resolve, reject) => {
    // No agent and no timeout: /next is a long poll that may last for hours.
    const sent = request({ hostname, port, method, path: `/2018-06-01/runtime/${path}`, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        resolve({ answer, text });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** As Lambda's Node.js runtime reports an error: its `name` is what `ErrorEquals` compares. */
const describe = (thrown: unknown) =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };

const contextOf = (answer: IncomingMessage) => {
  const header = (name: string) => String(answer.headers[`lambda-runtime-${name}`] ?? '');
  const deadline = Number(header('deadline-ms'));
  return {
    awsRequestId: header('aws-request-id'),
    invokedFunctionArn: header('invoked-function-arn'),
    functionName: env('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: env('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: env('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: `/aws/lambda/${env('AWS_LAMBDA_FUNCTION_NAME')}`,
    logStreamName: env('AWS_LAMBDA_LOG_STREAM_NAME'),
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
};

const serveOne = async (handler: Handler): Promise<void> => {
  const { answer, text } = await call('GET', 'invocation/next');
  if (answer.statusCode !== 200) process.exit(0);
  const context = contextOf(answer);
  try {
    const result = await handler(JSON.parse(text), context);
    await call('POST', `invocation/${context.awsRequestId}/response`, result ?? null);
  } catch (thrown) {
    const error = describe(thrown);
    console.error(JSON.stringify(error));
    await call('POST', `invocation/${context.awsRequestId}/error`, error);
  }
};

const loadHandler = async (): Promise<Handler> => {
  try {
    const bundle = pathToFileURL(join(env('LAMBDA_TASK_ROOT'), 'index.mjs')).href;
    return ((await import(bundle)) as { handler: Handler }).handler;
  } catch (thrown) {
    await call('POST', 'init/error', describe(thrown));
    throw thrown;
  }
};

const handler = await loadHandler();
for (;;) await serveOne(handler);
