import type { GetAuthorizationTokenResponse } from '@aws-sdk/client-ecr';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { descriptorOf, type BuiltImage } from '../../local/oci/build-image.ts';
import { programAt, type Program } from '../../local/third-party.ts';
import { deployed, fleet } from './deployed.ts';

/** Clients that others made, skopeo and crane, with a home of their own in a folder. */

const run = promisify(execFile);

export interface RealClients {
  /** Runs one; answers its standard output. Raises what it says when it fails. */
  ask: (program: Extract<Program, 'skopeo' | 'crane'>, args: readonly string[]) => Promise<Buffer>;
}

const patienceMs = 60_000;

export const realClients = (folder: string): RealClients => ({
  ask: async (program, args) => {
    // Both look for logins there.
    const env = {
      HOME: folder,
      TMPDIR: folder,
      DOCKER_CONFIG: folder,
      REGISTRY_AUTH_FILE: join(folder, 'config.json'),
    };
    const options = { env, encoding: 'buffer', timeout: patienceMs, maxBuffer: 16 * 2 ** 20 } as const;
    return (await run(programAt(program), args, options)).stdout;
  },
});

/** The login to ECR's registry that AWS gives out, kept where the clients look for it; the answer is the registry's host. */
export const logInToEcr = async (folder: string): Promise<string> => {
  const { host } = new URL(deployed.fleetUrl);
  const answer = await fleet.call({ service: 'ecr', operation: 'GetAuthorizationToken', input: {} });
  const [{ authorizationToken: auth } = {}] = (answer as GetAuthorizationTokenResponse).authorizationData ?? [];
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return host;
};

/** Writes the image as an OCI layout. https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export const writeLayout = async (folder: string, image: BuiltImage, tag: string): Promise<void> => {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const write = (digest: string, bytes: Buffer) => writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
  for (const { digest, bytes } of image.blobs) await write(digest, Buffer.concat([...bytes()]));
  for (const { digest, bytes } of [...image.children, image.main]) await write(digest, bytes);
  const named = { ...descriptorOf(image.main), annotations: { 'org.opencontainers.image.ref.name': tag } };
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
};
