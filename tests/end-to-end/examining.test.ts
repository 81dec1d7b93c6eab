import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { DoctorOutput } from '../../cli/doctor.ts';
import type { Plan } from '../../cli/plan.ts';
import { seedNames } from '../../local/seed-names.ts';
import {
  clientOptions,
  deployed,
  fleet,
  gitlab,
  putTarget,
  rehearsed,
  repository,
  targetDocument,
} from '../support/deployed.ts';
import { colourScene, divideByHand } from '../support/deployed-colours.ts';
import { addHook } from '../support/deployed-rotation.ts';
import { drawbridge } from '../support/drawbridge-command.ts';

/** What the command line examines and plans on the deployed stack: the files that ops run, as programs. */

// As `npm run rehearse` tells people to set it; Secrets Manager's rotations are the recorder's.
const env = {
  AWS_ENDPOINT_URL: deployed.awsUrl,
  AWS_ENDPOINT_URL_ECS: deployed.fleetUrl,
  AWS_ENDPOINT_URL_ECR: deployed.fleetUrl,
  AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: deployed.fleetUrl,
  AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: deployed.fleetUrl,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: deployed.recorderUrl,
  AWS_REGION: deployed.region,
  AWS_ACCESS_KEY_ID: deployed.accessKeyId,
  AWS_SECRET_ACCESS_KEY: deployed.secretAccessKey,
  // Not one of our functions: what it asks is not judged by their policies.
  AWS_SDK_UA_APP_ID: 'somebody-else',
};

/** One command with --json: its one line, its exit code, and all that it wrote. */
const run = async (...args: string[]): Promise<{ value: unknown; code: number | null; text: string }> => {
  const { code, out, err } = await drawbridge([...args, '--stage', 'local', '--json'], env);
  if (out.length !== 1) throw new Error(`drawbridge ${args.join(' ')}: ${err}`);
  return { value: JSON.parse(out[0] ?? ''), code, text: `${out.join('')}${err}` };
};

const doctor = async (...args: string[]) => {
  const { value, ...rest } = await run('doctor', ...args);
  return { ...rest, value: value as DoctorOutput };
};

const plan = async (target: string, pipeline: number) => {
  const { value, ...rest } = await run('plan', target, '--pipeline', String(pipeline));
  return { ...rest, value: value as Plan };
};

const whats = ({ findings }: DoctorOutput): string[] => findings.map(({ severity, what }) => `${severity}: ${what}`);

const documented = async (): Promise<Set<string>> => {
  const page = await readFile(join(import.meta.dirname, '../../docs/cli-examining.md'), 'utf8');
  return new Set([...page.matchAll(/"[a-z-]+:([A-Za-z]+)"/g)].map(([, operation = '']) => operation));
};

/** What the command line asked of ECS, ECR, load balancers and scaling since then. */
const askedSince = async (since: number): Promise<string[]> => {
  const calls = await fleet.calls({ since });
  return [...new Set(calls.filter(({ caller }) => caller === 'somebody-else').map(({ operation }) => operation))];
};

/** Something was asked, nothing was written, and the policy that operators are told of allows it all. */
const expectOnlyReads = async (since: number): Promise<void> => {
  const asked = await askedSince(since);
  const allowed = await documented();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((operation) => !/^(Describe|List|Get|Batch(Get|Check))/.test(operation))).toEqual([]);
  expect(asked.filter((operation) => !allowed.has(operation))).toEqual([]);
};

const lastCall = async (): Promise<number> => (await fleet.calls()).at(-1)?.number ?? 0;

const unsigned = { version: '18.11.0-ee' };
const signing = { version: '19.2.0-ee' };

beforeAll(async () => {
  // The stack does not make the roles of others' services, and this GitLab's hooks carry plain tokens.
  const iam = new IAMClient(clientOptions);
  for (const RoleName of [seedNames.taskRole, seedNames.executionRole])
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' })).catch(() => undefined);
  await gitlab.setInstance(unsigned);
});
afterAll(() => gitlab.setInstance(signing));

rehearsed(
  'nothing is found where nothing is wrong; what is planted is, with its remedy, and nothing else',
  'examined',
  async (scene) => {
    const { project, name } = scene;
    await addHook(project);
    await scene.commit({ does: 'become healthy', after: 10 });
    const since = await lastCall();
    const healthy = await doctor('--project', String(project));
    expect({ found: whats(healthy.value), code: healthy.code }).toEqual({ found: [], code: 0 });

    await gitlab.unprotect({ project, ref: 'main' });
    await gitlab.setVariable({ project, key: 'AWS_SECRET_ACCESS_KEY' });
    await putTarget(project, 'broken', { on: {} });
    await putTarget(project, name, { ...targetDocument(name, { pipeline: { ref: 'main' } }), containers: ['absent'] });
    const planted = await doctor('--project', String(project));
    expect(planted.code).toBe(1);
    expect(whats(planted.value).join('\n')).toMatch(/branch or tag main is not protected/);
    expect(whats(planted.value)).toContain(
      `warning: project ${project} still has AWS_SECRET_ACCESS_KEY among its CI variables`,
    );
    expect(whats(planted.value).join('\n')).toMatch(/target \d+\/broken cannot be used/);
    expect(whats(planted.value).join('\n')).toMatch(/has no container absent/);
    expect(planted.value.findings.every(({ remedy }) => remedy !== '')).toBe(true);
    expect(planted.text).not.toContain(deployed.planted.environment);
    expect(planted.text).not.toContain(deployed.managerToken);
    await expectOnlyReads(since);
  },
);

rehearsed(
  'colours whose traffic is divided are found, and the plan of a swap writes nothing',
  'examined-swap',
  async (scene) => {
    const colours = await colourScene(scene, { steps: [{ weight: 100 }], bake_minutes: 1, timeout_minutes: 10 });
    const { sha } = await scene.commit({ does: 'become healthy', after: 10 });
    const pipeline = await gitlab.runPipeline({ project: scene.project, sha, status: 'failed', jobs: [] });
    const since = await lastCall();
    const target = `${scene.project}/${scene.name}`;
    const ready = await plan(target, pipeline.id);
    expect(ready.value).toMatchObject({
      state: 'ready',
      service: { service: colours.green },
      changes: [{ path: `containerDefinitions.${seedNames.container}.image` }],
    });
    expect(ready.value.image).toContain(`/${repository}:${sha}`);
    expect(ready.text).not.toContain(deployed.planted.environment);
    await expectOnlyReads(since);

    await divideByHand(colours, [50, 50]);
    const { value, code } = await doctor('--project', String(scene.project), '--target', scene.name);
    expect(whats(value).join('\n')).toMatch(/AmbiguousTraffic: .* gives both target groups traffic/);
    expect(code).toBe(1);
    const refused = await plan(target, pipeline.id);
    expect(refused.value).toMatchObject({ state: 'refused', failure: 'AmbiguousTraffic' });
    await divideByHand(colours, [1, 0]);
  },
  { service: { desiredCount: 2 }, trafficMayFail: true },
);
