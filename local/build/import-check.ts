import { pathToFileURL } from 'node:url';

/** Imports every bundle that it is told: a fault at a Lambda's start otherwise shows only when it is deployed. */
for (const bundle of process.argv.slice(2)) {
  const { handler } = (await import(pathToFileURL(bundle).href).catch((cause: unknown) => {
    throw new Error(`cannot be imported: ${bundle}`, { cause });
  })) as { handler: unknown };
  if (typeof handler !== 'function') throw new Error(`exports no handler: ${bundle}`);
}

// Clients may hold sockets or timers; the import is all that was asked.
process.exit(0);
