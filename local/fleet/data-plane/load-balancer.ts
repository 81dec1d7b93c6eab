import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../operation.ts';
import type { World } from '../world/world.ts';
import type { Answer } from './data-plane.ts';

export interface LoadBalancer {
  /** http://127.0.0.1:PORT of the first listener */
  url: string;
  close: () => Promise<void>;
}

// Milliseconds of real time, for the users are real. Node's own 5 s would now and then cut off a request that is sent
// just as its idle connection is closed. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
const IDLE_TIMEOUT = 60_000;
/**
 * A listener is made in one step of the world, and a port is opened in more than one: so they are open beforehand, as
 * many as an Application Load Balancer may have listeners.
 */
const DOORS = 50;

/** One port, behind which a listener is, or will be. */
interface Door {
  url: string;
  /** absent of the first listener, and of a spare door */
  listener?: string;
  close: () => Promise<void>;
}

/** Opens the world's load balancer to HTTP on free ports; services seeded from then on name its URLs. */
export const startLoadBalancer = async (world: World): Promise<LoadBalancer> => {
  const [first, ...spare] = await Promise.all(Array.from({ length: DOORS }, () => openDoor(world)));
  if (first === undefined) throw new Error('no door');
  const doors = [first, ...spare];
  world.loadBalancerAt(first.url, (listener) => {
    const door = spare.shift();
    if (door === undefined) throw new AwsError('TooManyListeners', `A load balancer has ${DOORS} listeners at most`);
    door.listener = listener;
    return door.url;
  });
  return {
    url: first.url,
    close: async () => {
      await Promise.all(doors.map((door) => door.close()));
    },
  };
};

const openDoor = async (world: World): Promise<Door> => {
  const server = createServer({ keepAliveTimeout: IDLE_TIMEOUT }, (request, response) => {
    admit(world, door, { request, response });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  const door: Door = { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, close };
  return door;
};

/** A request may ask how long it is to take, in real time, for users are real: `?milliseconds=5000`. */
const admit = (
  world: World,
  { listener }: Door,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void => {
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://load-balancer');
  const asked = searchParams.get('milliseconds');
  const takes = asked !== null && /^\d+$/.test(asked) ? Number(asked) : undefined;
  world.dataPlane.request(
    pathname,
    (answer) => {
      send(response, answer);
    },
    { listener, cookie: request.headers.cookie, takes },
  );
};

const send = (response: ServerResponse, { status, body, cookie }: Answer): void => {
  const sticks = cookie === undefined ? {} : { 'set-cookie': cookie };
  response.writeHead(status, { 'content-type': 'application/json', ...sticks });
  response.end(JSON.stringify(body));
};
