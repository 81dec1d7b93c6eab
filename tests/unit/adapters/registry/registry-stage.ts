import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { gitlabRegistry, type GitlabRegistryOptions } from '../../../../lib/adapters/registry/gitlab-registry.ts';
import { usualPace, type Pace } from '../../../../lib/adapters/registry/pace.ts';
import { DeployFailure } from '../../../../lib/domain/failure.ts';
import type { GitlabCredentials } from '../../../../lib/ports/vault.ts';
import type { Registry } from '../../../../lib/ports/registry.ts';
import { json, notFound, scriptedServers, status, type Answer, type ScriptedServer } from './scripted-server.ts';

export const repository = 'acme/web';
export const username = 'reader';
export const password = 'hunter2-password';
export const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

export const digestOf = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** What must never reach anybody but GitLab and its registry. */
const secrets = ['hunter2', basic.slice(6), 'jwt-'];

/** A pace that never waits; `waits` has the ms that it would have waited. `time.now` moves only when a test moves it. */
export const testPace = (more: Partial<Pace> = {}) => {
  const waits: number[] = [];
  const time = { now: Date.parse('2026-01-05T09:40:00Z') };
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  const pace: Pace = { ...usualPace, now: () => time.now, wait, random: () => 0.5, ...more };
  return { pace, waits, time };
};

export interface Stage {
  gitlab: ScriptedServer;
  /** asks for a token of GitLab's, and then answers as `content` says */
  registry: ScriptedServer;
  /** another origin: a storage, or a thief */
  elsewhere: ScriptedServer;
  content: { answer: Answer };
  credentials: GitlabCredentials;
  /** what a rotation has staged, if anything */
  pending: GitlabCredentials | undefined;
  time: { now: number };
  waits: number[];
  /** the registry's tokens that GitLab has given, in order */
  tokens: string[];
  opened: (more?: Partial<GitlabRegistryOptions>) => Registry;
}

/** GitLab, its registry and another origin, as they are when all goes well. */
export const registryStages = () => {
  const server = scriptedServers();
  return async (more: Partial<Pace> = {}): Promise<Stage> => {
    const [gitlab, registry, elsewhere] = await Promise.all([server(), server(), server()]);
    const { pace, waits, time } = testPace(more);
    const tokens: string[] = [];
    gitlab.answer = (request, response) => {
      tokens.push(`jwt-${tokens.length + 1}`);
      json({ token: tokens.at(-1), expires_in: 300 })(request, response);
    };
    const content = { answer: notFound };
    registry.answer = (request, response) => {
      const valid = request.headers.authorization === `Bearer ${tokens.at(-1) ?? ''}`;
      (valid ? content.answer : challenge(`${gitlab.url}/jwt/auth`))(request, response);
    };
    const credentials = { url: gitlab.url, token: 'unused', registry: { host: registry.host, username, password } };
    const parts = { gitlab, registry, elsewhere, content, credentials, time, waits, tokens };
    const source = (refused?: GitlabCredentials) =>
      Promise.resolve(refused && stage.pending ? stage.pending : credentials);
    const opened = (options: Partial<GitlabRegistryOptions> = {}) =>
      gitlabRegistry(source, { local: true, privateHosts: [], pace, ...options });
    const stage: Stage = { ...parts, pending: undefined, opened };
    return stage;
  };
};

export const challenge = (realm: string): Answer =>
  status(401, { 'www-authenticate': `Bearer realm="${realm}",service="container_registry",scope="repository:x:push"` });

/** The failure that `act` ends with. It tells no secret, and no query of a URL, to whoever looks into it. */
export const failureOf = async (act: () => Promise<unknown>): Promise<DeployFailure> => {
  const error = await act().then(
    () => new Error('nothing was raised'),
    (raised: unknown) => raised,
  );
  if (!(error instanceof DeployFailure)) throw error;
  const shown = inspect(error, { showHidden: true, depth: 10 });
  for (const secret of [...secrets, 'X-Signature', 'service=']) expect(shown).not.toContain(secret);
  return error;
};

/** It was asked, if at all, without anything of ours that is secret. */
export const expectNothingSecret = ({ received }: ScriptedServer): void => {
  const all = JSON.stringify(received);
  for (const secret of secrets) expect(all).not.toContain(secret);
  expect(received.filter(({ headers }) => headers.authorization ?? headers.cookie)).toEqual([]);
};

export const bytesOf = async (blob: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of blob) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};
