import { randomBytes } from 'node:crypto';
import type { GitlabDocument } from '../../../lib/domain/rotation-documents.ts';
import type { RotationStep } from '../../../lib/domain/rotation.ts';
import type { MatrixPorts, Verbs } from './rotation-world.ts';
import type { StepEvent } from './secrets-manager.ts';

/**
 * Rotations as one writes them at first, each with a known defect: what the matrix is worth is seen by whether it finds
 * these. None of them tends anything.
 */

type Steps = Partial<Record<RotationStep, (event: StepEvent) => Promise<unknown>>>;

const verbsOf = (steps: (ports: MatrixPorts) => Steps): Verbs => ({
  rotate: (ports) => async (event) => (await steps(ports)[event.step as RotationStep]?.(event)) ?? 'nothing to do',
  tend: () => () => Promise.resolve({ revoked: 0 }),
});

const gitlab = async ({ manager }: MatrixPorts, call: string, { body, token }: { body?: object; token?: string }) => {
  const [method = '', path = ''] = call.split(' ');
  const { url, token: managers } = await manager();
  const headers = { 'PRIVATE-TOKEN': token ?? managers, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/v4${path}`, { method, headers, ...sent });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()) as never;
};

const currentOf = async <T>(ports: MatrixPorts, secret: string): Promise<T> => {
  const { labels } = await ports.versions.gitlab.describe(secret);
  const current = Object.entries(labels).find(([, carried]) => carried.includes('AWSCURRENT'))?.[0] ?? '';
  return (await ports.versions.gitlab.value(secret, current)) as T;
};

const promote = async (ports: MatrixPorts, { secretId, version }: StepEvent): Promise<void> => {
  const { labels } = await ports.versions.hook.describe(secretId);
  const current = Object.entries(labels).find(([, carried]) => carried.includes('AWSCURRENT'))?.[0];
  if (current !== version) await ports.versions.hook.promote(secretId, version, current);
};

const setHooks = async (ports: MatrixPorts, token: string | undefined): Promise<void> => {
  const all = await ports.targets.all();
  for (const { project } of all) {
    const hooks: { id: number; url: string }[] = await gitlab(ports, `GET /projects/${project}/hooks`, {});
    const body = { url: ports.hookUrl, token };
    for (const { id } of hooks) await gitlab(ports, `PUT /projects/${project}/hooks/${id}`, { body });
  }
};

/** Changes the plain token; `settle`: ms from the new value's writing to its first use. */
export const naiveHooks = (settle: number): Verbs =>
  verbsOf((ports) => ({
    createSecret: async ({ secretId, version }) => {
      const webhook_token = randomBytes(32).toString('hex');
      if ((await ports.versions.hook.value(secretId, version)) === undefined)
        await ports.versions.hook.fill(secretId, version, { webhook_token });
    },
    setSecret: async ({ secretId, version }) => {
      await ports.pause(settle);
      await setHooks(ports, (await ports.versions.hook.value(secretId, version))?.webhook_token);
    },
    testSecret: () => ports.pause(15_000),
    finishSecret: (event) => promote(ports, event),
  }));

const replaceBy =
  (make: (ports: MatrixPorts, document: GitlabDocument) => Promise<{ token: string }>) =>
  (ports: MatrixPorts): Steps => ({
    createSecret: async ({ secretId, version }) => {
      if ((await ports.versions.gitlab.value(secretId, version)) !== undefined) return;
      const document = await currentOf<GitlabDocument>(ports, secretId);
      const { token } = await make(ports, document);
      await ports.versions.gitlab.fill(secretId, version, { ...document, gitlab_token: token });
    },
    finishSecret: (event) => promote(ports, event),
  });

/** Calls self/rotate whenever there is no new value yet. */
export const naiveSelfRotation = verbsOf(
  replaceBy((ports, { gitlab_token: token }) =>
    gitlab(ports, 'POST /personal_access_tokens/self/rotate', { body: { expires_at: '2026-03-01' }, token }),
  ),
);

/** Makes a token under the manager's, and looks for none that was made before. */
export const naiveReplacement = verbsOf(
  replaceBy((ports, { gitlab_project_id: project = '' }) =>
    gitlab(ports, `POST /projects/${project}/access_tokens`, {
      body: { name: 'drawbridge/naive', scopes: ['read_api'], access_level: 20, expires_at: '2026-03-01' },
    }),
  ),
);
