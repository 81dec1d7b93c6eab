import { hookRotation, type HookRotationPorts } from '../../../lib/app/hook-rotation.ts';
import { rotateSecret } from '../../../lib/app/rotate-secret.ts';
import { rotationSteps, type RotationStep } from '../../../lib/domain/rotation.ts';
import { memoryProjectHooks, type KeptHook, type MemoryProjectHooks } from '../../support/memory-project-hooks.ts';
import { memoryRotationJournal, type MemoryRotationJournal } from '../../support/memory-rotation-journal.ts';
import { memorySecrets, type MemorySecrets } from '../../support/memory-secret-versions.ts';
import { memoryTargets } from '../../support/memory-ports.ts';
import { target } from '../../support/samples.ts';

export const name = 'drawbridge/test/hook';
export const hookUrl = 'https://door.example.com/gitlab';
export const start = Date.parse('2026-01-05T09:40:00Z');
export const oldToken = 'o'.repeat(40);
export const oldSigning = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** Secrets Manager, GitLab and the journal in memory; time passes only where the rotation lets it. */
export interface HookWorld extends HookRotationPorts {
  secrets: MemorySecrets;
  hooks: MemoryProjectHooks;
  journal: MemoryRotationJournal;
  targets: ReturnType<typeof memoryTargets>;
  time: { now: number };
  /** ms of each pause, in order */
  pauses: number[];
  /** what happens during the next pause */
  meanwhile: { act?: () => void };
  /** hooks that GitLab would have sent in vain, after which call */
  locked: string[];
}

/** As the doors judge. */
const acceptedBy = (version: Record<string, unknown> | undefined, { token, signingToken }: KeptHook): boolean => {
  if (version?.['webhook_token'] === undefined) return false;
  const signing = version['webhook_signing_token'];
  return signing === undefined ? version['webhook_token'] === token : signing === signingToken;
};

export const accepted = ({ secrets }: Pick<HookWorld, 'secrets'>, hook: KeptHook): boolean =>
  acceptedBy(secrets.valueOf(name, 'AWSCURRENT'), hook) || acceptedBy(secrets.valueOf(name, 'AWSPENDING'), hook);

export const hooksOf = ({ hooks }: HookWorld): KeptHook[] => [...hooks.projects.values()].flat();

/** The port, each of whose calls is followed by a look at what GitLab would send now. */
const watched = <Port extends object>(port: Port, world: () => HookWorld): Port => {
  const methods = Object.entries(port).filter(([, method]) => typeof method === 'function');
  const wrapped = methods.map(([method, original]: [string, unknown]) => [
    method,
    async (...args: unknown[]) => {
      const answer = await (original as (...args: unknown[]) => Promise<unknown>)(...args);
      const refused = hooksOf(world()).filter((hook) => hook.url === hookUrl && !accepted(world(), hook));
      world().locked.push(...refused.map(({ id }) => `${method}: hook ${id}`));
      return answer;
    },
  ]);
  return { ...port, ...(Object.fromEntries(wrapped) as Partial<Port>) };
};

const portsInMemory = (): Omit<HookWorld, 'versions' | 'hooks'> => {
  const time = { now: start };
  const pauses: number[] = [];
  const meanwhile: HookWorld['meanwhile'] = {};
  let made = 0;
  return {
    ...{ time, pauses, meanwhile, hookUrl, locked: [] },
    secrets: memorySecrets(),
    journal: memoryRotationJournal(),
    targets: memoryTargets(...[1, 2, 3].map((project) => target({ project }))),
    manager: async () => Promise.resolve({ url: 'https://gitlab.example.com', token: 'manager', manager: true }),
    clock: () => new Date(time.now),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      time.now += milliseconds;
      meanwhile.act?.();
      delete meanwhile.act;
      return Promise.resolve();
    },
    randomBytes: (count) => new Uint8Array(count).fill((made += 16)),
    waits: { settle: 65_000, drain: 15_000 },
  };
};

interface Setting {
  /** AWSCURRENT; null: there is none */
  document?: object | null;
  signing?: MemoryProjectHooks['signing'];
  /** projects with a hook of ours */
  hooked?: number[];
}

/** Three projects with a target each; `v1` is labelled AWSPENDING. */
export const hookWorld = ({ document, signing = 'kept', hooked = [1, 2, 3] }: Setting = {}): HookWorld => {
  const ports = portsInMemory();
  const hooks = memoryProjectHooks(1, 2, 3);
  hooks.signing = signing;
  const current = document === undefined ? { webhook_token: oldToken } : (document ?? undefined);
  ports.secrets.add(name, current);
  const { webhook_token: token = '', webhook_signing_token: signingToken } = (current ?? {}) as Record<string, string>;
  for (const project of hooked)
    hooks.add(project, { url: hookUrl, token, ...(signingToken === undefined ? {} : { signingToken }) });
  ports.secrets.begin(name, 'v1');
  const world: HookWorld = {
    ...ports,
    hooks: Object.assign(
      hooks,
      watched(hooks, () => world),
    ),
    versions: watched(ports.secrets.hook, () => world),
  };
  hooks.accepts = (hook) => accepted(world, hook);
  return world;
};

const none = () => Promise.reject(new Error('this rotation is not asked for'));
const otherRotation = { createSecret: none, setSecret: none, testSecret: none, finishSecret: none };

/** One step, as Secrets Manager calls it. */
export const step = async (world: HookRotationPorts, which: RotationStep, version = 'v1'): Promise<string> => {
  const hook = { name, versions: world.versions, rotation: hookRotation(world) };
  const gitlab = { name: 'gitlab', versions: world.versions, rotation: otherRotation };
  return (await rotateSecret({ secrets: { hook, gitlab } })({ secretId: name, version, step: which })).result;
};

/** All four; answers what each came to. */
export const rotate = async (world: HookRotationPorts, version = 'v1'): Promise<string[]> => {
  const results: string[] = [];
  for (const which of rotationSteps) results.push(await step(world, which, version));
  return results;
};
