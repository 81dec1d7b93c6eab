import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../world/world.ts';
import type { Answer } from './data-plane.ts';

export interface LoadBalancer {
  /** http://127.0.0.1:PORT */
  url: string;
  close: () => Promise<void>;
}

// Milliseconds of real time, for the users are real. Node's own 5 s would now and then cut off a request that is sent
// just as its idle connection is closed. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
const IDLE_TIMEOUT = 60_000;

/** Opens the world's load balancer to HTTP on a free port; services seeded from then on name its URL. */
export const startLoadBalancer = async (world: World): Promise<LoadBalancer> => {
  const server = createServer({ keepAliveTimeout: IDLE_TIMEOUT }, (request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? '/', 'http://load-balancer');
    world.dataPlane.request(pathname, (answer) => {
      send(response, answer);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  world.loadBalancerAt(url);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

const send = (response: ServerResponse, { status, body }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
