import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '../../../local/oci/manifest-document.ts';
import { memoryContent } from '../../../local/oci/memory-content.ts';
import type { Happening, RegistryQuirks } from '../../../local/oci/oci-call.ts';
import { registryHandler } from '../../../local/oci/registry-handler.ts';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';

/** A registry in memory on a free port; its quirks may be changed while it runs. */
export const startOciRegistry = async (changed: Partial<RegistryQuirks> = {}) => {
  const quirks: RegistryQuirks = {
    patchStatus: 202,
    stuckRange: false,
    statusGet: true,
    referrersApi: true,
    missingRepository: 'error',
    authenticate: () => undefined,
    ...changed,
  };
  const content = memoryContent((repository) => !repository.startsWith('missing/'));
  const happenings: Happening[] = [];
  const happened = (happening: Happening) => happenings.push(happening);
  const handle = registryHandler({ content, quirks, happened });
  const defects: unknown[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => defects.push(error));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** One request: `METHOD path`, the path below /v2, or a whole Location. */
  const call = async (what: string, init: { headers?: Record<string, string>; body?: Buffer | string } = {}) => {
    const [method = '', path = ''] = what.split(' ');
    const body = init.body === undefined ? {} : { body: Buffer.from(init.body) };
    const at = path.startsWith('http') ? path : `${url}/v2${path}`;
    const answer = await fetch(at, { method, headers: init.headers ?? {}, redirect: 'manual', ...body });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const startUpload = async (repository: string): Promise<string> =>
    (await call(`POST /${repository}/blobs/uploads/`)).headers.get('location') ?? '';
  const putBlob = async (repository: string, bytes: Buffer): Promise<string> => {
    const digest = sha256(bytes);
    await call(`PUT ${await startUpload(repository)}&digest=${digest}`, { body: bytes });
    return digest;
  };
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, quirks, content, happenings, defects, call, startUpload, putBlob, close };
};

export type OciRegistryUnderTest = Awaited<ReturnType<typeof startOciRegistry>>;

export const errorCode = ({ bytes }: { bytes: Buffer }): string | undefined =>
  (JSON.parse(bytes.toString('utf8')) as { errors: { code: string }[] }).errors[0]?.code;
