import { pathToFileURL } from 'node:url';

/**
 * Runs one Lambda as its runtime does: imports the file once, then hands it one event after the other. Each answer goes
 * back with the milliseconds that the handler took. Ends with the process that started it.
 */
const { handler } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as {
  handler: (event: unknown, context: unknown) => Promise<unknown>;
};

const context = { functionName: 'pipeline-webhook', awsRequestId: 'bench', getRemainingTimeInMillis: () => 9_000 };

const serve = async (event: unknown): Promise<void> => {
  const start = performance.now();
  const answer = await handler(event, context);
  process.send?.({ ms: performance.now() - start, answer });
};

process.on('message', (event) => {
  serve(event).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
