import {
  deployed,
  executionEnd,
  gitlab,
  healthy,
  putTarget,
  rehearsed,
  targetDocument,
  until,
} from '../support/deployed.ts';
import { countsLine } from '../../local/demo/rotation/rotation-status.ts';
import {
  addHook,
  addHookedProject,
  addProject,
  addTarget,
  askAsManager,
  beginRotation,
  callStep,
  documentOf,
  edit,
  endOf,
  errorsOf,
  expectAllPassed,
  failing,
  names,
  opsEnvironment,
  removeTargets,
  rotate,
  rotationsOf,
  tend,
  whileHooksArrive,
  type HookedProject,
} from '../support/deployed-rotation.ts';
import { drawbridge } from '../support/drawbridge-command.ts';

/**
 * Both secrets rotated on the deployed stack, while hooks arrive. It changes the secret that all other files' hooks have, so it
 * runs last (tests/support/rotating-last.mjs), and takes their targets away first.
 */

/** How many rotations of both secrets there are in a row; `npm run soak` has more. */
const runs = Number(process.env['ROTATION_RUNS'] ?? '3');

const prefix = `drawbridge/local/${names.gitlab}/`;
const promoted = (rotation: { end?: string; steps: { error?: string }[] }) => ({
  end: rotation.end,
  errors: rotation.steps.flatMap(({ error }) => error ?? []),
});
const well = { end: 'promoted', errors: [] };

const ours = async () => {
  const alive = (one: { name: string; active: boolean }) => one.active && one.name.startsWith(prefix);
  return {
    access: (await gitlab.accessTokens()).filter(alive),
    deploy: (await gitlab.deployTokens()).filter(alive),
  };
};

/** The number of the group that all scenes' projects lie in. */
const groupId = async (): Promise<number> => {
  const { id } = await gitlab.createAccessToken({ group: 'acme', name: 'a look at the group' });
  const found = (await gitlab.accessTokens()).find((token) => token.id === id);
  await gitlab.revokeAccessToken({ id });
  return found?.ownerId ?? 0;
};

let projects: HookedProject[];

beforeAll(async () => {
  await removeTargets();
  projects = [await addHookedProject('rotating-a'), await addHookedProject('rotating-b')];
  const group = await groupId();
  const pull = { name: 'pull', scopes: ['read_registry'] };
  const made = (await askAsManager('POST', `/groups/${group}/deploy_tokens`, pull)) as {
    username: string;
    token: string;
  };
  const registry = { registry_username: made.username, registry_password: made.token };
  await edit('gitlab', { ...(await documentOf('gitlab')), gitlab_group_id: String(group), ...registry });
}, 60_000);

test('an older GitLab knows no signing: plain tokens throughout; once it knows it, they are signed', async () => {
  // First of all: the secret is as ops filled it, without a signing token.
  await gitlab.setInstance({ version: '18.11.0-ee' });
  const arrived = await whileHooksArrive(projects, async () => {
    const plain = await rotate('hook');
    expect(promoted(plain)).toEqual(well);
    expect(await documentOf('hook')).not.toHaveProperty('webhook_signing_token');
    await gitlab.setInstance({ version: '19.2.0-ee' });
    expect(promoted(await rotate('hook'))).toEqual(well);
    expect(await documentOf('hook')).toHaveProperty('webhook_signing_token');
  });
  expect(arrived.counts.AWSPENDING).toBeGreaterThan(0);
  expectAllPassed(arrived);
}, 180_000);

rehearsed(
  `${runs} rotations of both secrets, while hooks arrive: none is refused, and a deployment under way ends`,
  'rotating',
  async (scene) => {
    const removeHook = (hook: number) => askAsManager('DELETE', `/projects/${scene.project}/hooks/${hook}`);
    // The scene's own has a token that is not in use any more.
    await removeHook(scene.hook);
    const hook = await addHook(scene.project);
    const { execution } = await scene.release(healthy);
    // From here on its project is one whose hook is missing.
    await removeHook(hook);
    const arrived = await whileHooksArrive(projects, async () => {
      for (let turn = 0; turn < runs; turn += 1) {
        const both = await Promise.all([rotate('hook'), rotate('gitlab')]);
        expect(both.map(promoted)).toEqual([well, well]);
      }
    });
    process.stderr.write(`${runs} rotations of both secrets: ${countsLine(arrived.counts)}\n`);
    expectAllPassed(arrived);
    expect(arrived.counts.AWSPENDING).toBeGreaterThan(0);
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    const hooks = (await askAsManager('GET', `/projects/${scene.project}/hooks`)) as object[];
    expect(hooks).toMatchObject([{ url: deployed.trueHookUrl, signing_token_present: true, pipeline_events: true }]);
  },
  { seconds: 120 + 30 * runs },
);

test('predecessors are revoked after the overlap, one live token each is left, and never a person’s', async () => {
  await until('predecessors to be revoked', async () => {
    await tend();
    const { access, deploy } = await ours();
    return access.length === 1 && deploy.length === 1 ? true : undefined;
  });
  const { gitlab_token_id: access, registry_token_id: deploy } = await documentOf('gitlab');
  expect(await ours()).toMatchObject({ access: [{ id: access }], deploy: [{ id: deploy }] });
  const [first] = await gitlab.accessTokens();
  expect(first).toMatchObject({ owner: 'person', active: true });
}, 120_000);

test('a second rotation beside the first is refused, and the same steps called twice end quietly', async () => {
  const arrived = await whileHooksArrive(projects, async () => {
    const version = await beginRotation('hook');
    await expect(beginRotation('hook')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    expect(await Promise.all([1, 2].map(() => callStep('hook', version, 'createSecret')))).toEqual([
      undefined,
      undefined,
    ]);
    expect(promoted(await endOf(version))).toEqual(well);
    expect(await callStep('hook', version, 'finishSecret')).toBeUndefined();
  });
  expectAllPassed(arrived);
}, 120_000);

test('GitLab is down for a while: the rotation ends later by itself', async () => {
  const arrived = await whileHooksArrive(projects, async () => {
    await gitlab.setFault({ route: '** **', forSeconds: 200, fault: { kind: 'error', status: 503 } });
    const version = await beginRotation('hook');
    await failing(version, 'GitLabUnavailable');
    const rotation = await endOf(version);
    expect(rotation.end).toBe('promoted');
    expect(new Set(errorsOf(rotation))).toEqual(new Set(['GitLabUnavailable']));
  });
  expectAllPassed(arrived);
}, 180_000);

test('one project out of reach: nothing is changed anywhere, and once it is gone the rotation ends', async () => {
  const before = await documentOf('hook');
  const puts = async () =>
    (await gitlab.requests()).filter(({ method, path }) => method === 'PUT' && path.includes('/hooks/'));
  const changed = (await puts()).length;
  await putTarget(999_999, 'nobody', targetDocument('nobody', { pipeline: { ref: 'main' } }));
  const version = await beginRotation('hook');
  await failing(version, 'OutOfReach');
  expect((await puts()).length).toBe(changed);
  expect(await documentOf('hook')).toEqual(before);
  await removeTargets();
  for (const { project } of projects) await addTarget(project, `again-${project}`);
  expect((await endOf(version)).end).toBe('promoted');
}, 120_000);

test('the first set-up: from a hook secret without keys to tokens and hooks, and a test before it says nothing', async () => {
  await edit('hook', {});
  const project = await addProject('rotating-first');
  const tested = await endOf(await beginRotation('hook', { RotateImmediately: false }));
  expect({ end: tested.end, errors: errorsOf(tested) }).toEqual({ end: 'tested', errors: [] });
  expect(promoted(await rotate('hook'))).toEqual(well);
  const hooks = (await askAsManager('GET', `/projects/${project}/hooks`)) as object[];
  expect(hooks).toMatchObject([{ url: deployed.trueHookUrl, pipeline_events: true, enable_ssl_verification: true }]);
}, 120_000);

test('a token without a manager replaces itself, once, and no dead one is shown', async () => {
  const before = await documentOf('gitlab');
  const own = await gitlab.createAccessToken({ group: 'acme', name: 'itself' });
  await edit('gitlab', { ...before, gitlab_token: own.token, rotate_gitlab_token: 'self' });
  expect(promoted(await rotate('gitlab'))).toEqual(well);
  const family = (await gitlab.accessTokens()).filter((token) => token.family === own.id);
  expect(family.map(({ active }) => active)).toEqual([false, true]);
  expect((await gitlab.requests()).filter(({ reuse }) => reuse)).toEqual([]);
  await edit('gitlab', before);
}, 120_000);

test('when GitLab says that few days are left, the hourly tend has the token rotated, once', async () => {
  const { gitlab_token_id: id } = await documentOf('gitlab');
  const before = (await rotationsOf('gitlab')).length;
  await gitlab.expireAccessToken({
    id: Number(id),
    on: new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10),
  });
  expect(await tend()).toMatchObject({ started: true });
  expect(await tend()).toMatchObject({ started: false });
  const begun = (await rotationsOf('gitlab')).slice(before);
  expect(begun).toHaveLength(1);
  expect(promoted(await endOf(begun[0]?.version ?? ''))).toEqual(well);
}, 120_000);

test('drawbridge rotate: both secrets, step by step, and replaced tokens are revoked at once', async () => {
  const before = await documentOf('gitlab');
  const { code, out, err } = await drawbridge(['rotate', '--stage', 'local', '--revoke-now'], opsEnvironment);
  const told = out.join('\n');
  expect(`${err}${told}, exit code ${code}`).toMatch(/, exit code 0$/);
  expect(err).toBe('');
  // This one waits for the doors; others may be over before the first look.
  expect(told).toContain(`${names.hook}: step 2 of 4, setSecret`);
  for (const name of Object.values(names)) expect(told).toMatch(new RegExp(`^${name}: rotated in \\d+ s$`, 'm'));
  // Of this rotation and of those before it; which tokens are left is asked of GitLab below.
  expect(told).toMatch(/^[1-9]\d* of GitLab's replaced tokens revoked, [01] left that only a person may revoke$/m);
  const { access } = await ours();
  expect(access).toMatchObject([{ id: (await documentOf('gitlab'))['gitlab_token_id'] }]);
  expect(access).not.toMatchObject([{ id: before['gitlab_token_id'] }]);
}, 120_000);
