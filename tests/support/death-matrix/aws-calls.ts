import type { Faulty, OutwardCalls } from './outward-calls.ts';

type Handler = (args: never) => Promise<unknown>;

/** As much of an AWS SDK client as its calls can be seen by. */
interface SdkClient {
  middlewareStack: {
    add: (middleware: never, options: { step: 'deserialize'; name: string; priority: 'high' }) => void;
  };
}

const raise = (name: string, httpStatusCode?: number) => () =>
  Promise.reject(Object.assign(new Error('a fault of the matrix'), { name, $metadata: { httpStatusCode } }));

// No status: the answer never came.
const faulty: Faulty<never> = {
  refused: raise('AccessDeniedException', 400),
  throttled: raise('ThrottlingException', 400),
  lost: raise('TimeoutError'),
};

/** The same client; each call that it sends is seen, as `ECS.DescribeServices`. */
export const watchedClient = <C extends SdkClient>(client: C, outward: OutwardCalls): C => {
  const middleware =
    (next: Handler, { clientName = '', commandName = '' }: { clientName?: string; commandName?: string }): Handler =>
    (args) => {
      const what = { service: clientName.replace(/Client$/, ''), operation: commandName.replace(/Command$/, '') };
      return outward.call(what, faulty, () => next(args));
    };
  client.middlewareStack.add(middleware as never, { step: 'deserialize', name: 'deathMatrix', priority: 'high' });
  return client;
};
