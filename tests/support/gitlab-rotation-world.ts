import { gitlabRotation, type GitlabRotationPorts } from '../../lib/app/gitlab-rotation.ts';
import type { StepResult } from '../../lib/app/rotation.ts';
import { tendCredentials, type Credential, type TendPorts } from '../../lib/app/tend-credentials.ts';
import { rotationSteps, type RotationStep } from '../../lib/domain/rotation.ts';
import type { GitlabDocument } from '../../lib/domain/rotation-documents.ts';
import type { Target } from '../../lib/domain/target.ts';
import { memoryGitlabTokens } from './memory-gitlab-tokens.ts';
import { memoryRotationJournal } from './memory-rotation-journal.ts';
import { memorySecrets } from './memory-secret-versions.ts';

/** The GitLab secret's name. */
export const secret = 'gitlab-credentials';

/** What the names of its tokens begin with. */
export const ours = `drawbridge/prod/${secret}/`;

/** A person's token, the seed's keys, and whatever else is given. */
export const firstDocument = (more: Partial<GitlabDocument> = {}): GitlabDocument => ({
  gitlab_url: 'https://gitlab.example.com',
  gitlab_token: 'of-a-person',
  gitlab_project_id: '42',
  ...more,
});

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** GitLab, Secrets Manager and a journal in memory, on one clock that only waits and tests move. */
export const gitlabWorld = (document: GitlabDocument | undefined = firstDocument()) => {
  const time = { now: Date.parse('2026-12-01T12:00:00Z'), invocation: 0 };
  const clock = () => new Date(time.now);
  const secrets = memorySecrets();
  const tokens = memoryGitlabTokens(clock);
  tokens.add({ name: 'of a person', value: 'of-a-person', owner: undefined });
  secrets.add(secret, document);
  const targets: Target[] = [];
  const shown: [Credential, number][] = [];
  const started: string[] = [];
  const ports: GitlabRotationPorts & TendPorts = {
    versions: secrets.gitlab,
    tokens,
    targets: {
      all: async () =>
        Promise.resolve(targets.map((target) => ({ project: target.project, targets: [target], broken: [] }))),
    },
    manager: async () => Promise.resolve({ url: 'https://gitlab.example.com', token: 'of-the-manager', manager: true }),
    journal: memoryRotationJournal(),
    clock,
    pause: async (milliseconds) => {
      time.now += milliseconds;
      return Promise.resolve();
    },
    remaining: () => time.invocation + 180 * second - time.now,
    ...{ stage: 'prod', secretName: secret, rotationDays: 30, overlap: hour, drain: 15 * second, secret },
    start: async (name) => {
      started.push(name);
      return Promise.resolve();
    },
    showDaysLeft: (credential, days) => {
      shown.push([credential, days]);
    },
  };
  return { time, secrets, tokens, targets, shown, started, ports };
};
export type GitlabWorld = ReturnType<typeof gitlabWorld>;

/** One step as rotate-secret calls it, in an invocation of its own. */
export const step = async (
  { time, secrets, ports }: GitlabWorld,
  name: RotationStep,
  version = 'v1',
  played: GitlabRotationPorts = ports,
): Promise<StepResult> => {
  time.invocation = time.now;
  const description = await secrets.gitlab.describe(secret);
  return gitlabRotation(played)[name]({ secret, version, description });
};

/** All four steps of a rotation that Secrets Manager begins. */
export const rotate = async (world: GitlabWorld, version = 'v1', played = world.ports): Promise<StepResult[]> => {
  if (world.secrets.labelled(secret, 'AWSPENDING') !== version) world.secrets.begin(secret, version);
  const results: StepResult[] = [];
  for (const name of rotationSteps) results.push(await step(world, name, version, played));
  return results;
};

export const tend = async ({ ports }: GitlabWorld, input: { revokeNow?: boolean } = {}) =>
  tendCredentials(ports)(input);

/** The failure's name; undefined when it went well. */
export const nameOf = async (act: Promise<unknown>): Promise<string | undefined> =>
  act.then(
    () => undefined,
    (error: unknown) => (error as Error).name,
  );
