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

/** Opens the world's load balancer to HTTP on a free port; services seeded from then on name its URL. */
export const startLoadBalancer = async (world: World): Promise<LoadBalancer> => {
  const server = createServer((request, response) => {
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
