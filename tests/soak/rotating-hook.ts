import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as passes } from 'node:timers/promises';
import { hookRotation, type HookRotationPorts } from '../../lib/app/hook-rotation.ts';
import { rotateSecret } from '../../lib/app/rotate-secret.ts';
import { hookTokens, type HookTokens } from '../../lib/domain/hook-documents.ts';
import { rotationSteps } from '../../lib/domain/rotation.ts';
import { doorsLag } from '../../local/demo/rotation/hook-counts.ts';
import { fingerprint } from '../../local/gitlab/fingerprint.ts';
import type { LabelSight, Tokens, VersionHistory } from '../../local/secrets/accepted-by.ts';
import type { SecretVersions } from '../bench/aws-stub.ts';
import { memoryTargets } from '../support/memory-ports.ts';
import { memoryProjectHooks } from '../support/memory-project-hooks.ts';
import { memoryRotationJournal } from '../support/memory-rotation-journal.ts';
import { memorySecrets, type MemorySecrets } from '../support/memory-secret-versions.ts';
import { target } from '../support/samples.ts';

/** ms of real time, as in the local stage. */
export const waits = { settle: 6_500, drain: 1_500 };

const name = 'drawbridge/bench/hook';
const hookUrl = 'https://drawbridge.example.com/webhooks/pipeline';

/** Secrets Manager and GitLab's one hook in memory, and the real rotation between them in real time. */
export interface RotatingHook {
  /** as the doors' Secrets Manager tells it */
  versions: SecretVersions;
  /** what GitLab sends now */
  tokens: () => HookTokens;
  /** what the newest version had that no door may accept any more, once there is one */
  outOfUse: () => HookTokens | undefined;
  history: VersionHistory;
  /** From the first time with `signing` on, GitLab knows signing tokens. Raises what a step raises. */
  rotate: (signing: boolean) => Promise<void>;
}

export const tokensShown = ({ token, signingToken }: HookTokens): Tokens => ({
  token: fingerprint(token),
  ...(signingToken !== undefined && { signing: fingerprint(signingToken) }),
});

/** Writes down each version, and each move of a label at the moment it is made. */
const recorded = (secrets: MemorySecrets) => {
  const versions = new Map<string, Tokens>();
  const sights: LabelSight[] = [];
  const look = (): void => {
    const [current, pending] = [secrets.labelled(name, 'AWSCURRENT'), secrets.labelled(name, 'AWSPENDING')];
    sights.push({ at: Date.now(), current, pending });
    for (const label of ['AWSCURRENT', 'AWSPENDING'] as const) {
      const [id, tokens] = [secrets.labelled(name, label), hookTokens(secrets.valueOf(name, label))];
      if (id !== undefined && tokens !== undefined) versions.set(id, tokensShown(tokens));
    }
  };
  return { history: { versions, sights }, look };
};

const portsOf = (secrets: MemorySecrets, project: number) => ({
  versions: secrets.hook,
  hooks: memoryProjectHooks(project),
  targets: memoryTargets(target({ project })),
  manager: () => Promise.reject(new Error('there is a target, so the manager is not asked')),
  journal: memoryRotationJournal(),
  clock: () => new Date(),
  pause: (milliseconds: number) => passes(milliseconds),
  ...{ randomBytes, hookUrl, waits },
});

const none = () => Promise.reject(new Error('this rotation is not asked for'));
const otherRotation = { createSecret: none, setSecret: none, testSecret: none, finishSecret: none };

/** All four steps, as Secrets Manager calls them; `look` after each. */
const rotateOnce = async (ports: HookRotationPorts, version: string, look: () => void): Promise<void> => {
  const hook = { name, versions: ports.versions, rotation: hookRotation(ports) };
  const gitlab = { name: 'gitlab', versions: ports.versions, rotation: otherRotation };
  for (const step of rotationSteps) {
    await rotateSecret({ secrets: { hook, gitlab } })({ secretId: name, version, step });
    look();
  }
};

export const rotatingHook = (project: number): RotatingHook => {
  const secrets = memorySecrets();
  const ports = portsOf(secrets, project);
  const token = randomBytes(32).toString('hex');
  secrets.add(name, { webhook_token: token });
  const hook = ports.hooks.add(project, { url: hookUrl, token });
  const { history, look } = recorded(secrets);
  look();
  const replaced: { tokens: HookTokens; at: number }[] = [];
  const tokensIn = (label: 'AWSCURRENT' | 'AWSPREVIOUS') => hookTokens(secrets.valueOf(name, label));
  return {
    versions: (label) => {
      const value = secrets.valueOf(name, label as 'AWSCURRENT' | 'AWSPENDING');
      return value === undefined ? undefined : JSON.stringify(value);
    },
    tokens: () => {
      const kept = ports.hooks.projects.get(project)?.find(({ id }) => id === hook);
      if (kept === undefined) throw new Error('the hook is gone');
      const { token: sent, signingToken } = kept;
      return { token: sent, ...(signingToken !== undefined && { signingToken }) };
    },
    outOfUse: () => replaced.findLast(({ at }) => at + doorsLag < Date.now())?.tokens,
    history,
    rotate: async (signing) => {
      ports.hooks.signing = signing ? 'kept' : 'unknown';
      const version = randomUUID();
      secrets.begin(name, version);
      look();
      await rotateOnce(ports, version, look);
      const tokens = tokensIn('AWSPREVIOUS');
      if (tokens !== undefined) replaced.push({ tokens, at: Date.now() });
    },
  };
};
