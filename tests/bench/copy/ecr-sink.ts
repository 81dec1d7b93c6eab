import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What takes ECR's API and keeps nothing: as little work as can be, so that the client's is what is measured. */
export interface EcrSink {
  url: string;
  close(): Promise<void>;
}

const answers: Record<string, object> = {
  BatchCheckLayerAvailability: { layers: [], failures: [] },
  BatchGetImage: { images: [], failures: [] },
  InitiateLayerUpload: { uploadId: 'one', partSize: 10 * 1024 * 1024 },
  UploadLayerPart: {},
  CompleteLayerUpload: {},
  PutImage: { image: {} },
};

const take = (request: IncomingMessage, response: ServerResponse): void => {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  request.resume().once('end', () => {
    const answer = answers[operation];
    response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException' }));
  });
};

export const startEcrSink = async (): Promise<EcrSink> => {
  const server = createServer(take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
