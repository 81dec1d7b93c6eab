import { restSettings } from '../../cli/gitlab/rest-settings.ts';
import { raisedBy } from '../unit/adapters/canned-answers.ts';
import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

/** What the doctor asks a GitLab: the double, under a manager's own token. */

let double: Double;
let token: string;
beforeEach(async () => {
  double = await startDouble();
  token = (await double.control.createAccessToken({ name: 'manager', accessLevel: 50 })).token;
});
afterEach(() => double.close());

const project = 4711;
const settings = () => restSettings(() => Promise.resolve({ url: double.url, token, manager: true }));

test('names of CI variables, never what they hold', async () => {
  for (let made = 0; made < 101; made += 1) await double.control.setVariable({ project, key: `KEY_${made}` });
  const found = await settings().variables(project);
  expect(found).toHaveLength(101);
  expect(JSON.stringify(found)).not.toContain('value');
});

test('protected environments, branches and tags by name', async () => {
  await double.control.protectEnvironment({ project, name: 'production' });
  await double.control.protect({ project, ref: 'v*', tag: true });
  expect(await settings().protectedEnvironments(project)).toEqual(['production']);
  expect(await settings().protectedBranches(project)).toEqual(['main']);
  expect(await settings().protectedTags(project)).toEqual(['v*']);
});

test('a GitLab without protected environments has none', async () => {
  await double.control.protectEnvironment({ project, name: 'production' });
  const fault = { kind: 'error', status: 404 } as const;
  await double.control.setFault({ route: 'GET /projects/*/protected_environments', fault });
  expect(await settings().protectedEnvironments(project)).toEqual([]);
});

test("a token's scopes, its end, and GitLab's own time", async () => {
  const { token: own } = await double.control.createAccessToken({
    project,
    scopes: ['read_api'],
    expiresAt: '2026-12-31',
  });
  expect(await settings().token(own)).toEqual({
    scopes: ['read_api'],
    expiresAt: '2026-12-31',
    at: new Date(Math.floor(double.clock.now() / 1_000) * 1_000),
  });
});

test('a revoked token is dead', async () => {
  const { token: own, id } = await double.control.createAccessToken({ project });
  await double.control.revokeAccessToken({ id });
  expect(await settings().token(own)).toBeUndefined();
});

test('what the manager may not see is out of reach, and a GitLab that does not answer is unavailable', async () => {
  token = (await double.control.createAccessToken({ project, accessLevel: 30 })).token;
  expect(await raisedBy(() => settings().variables(project))).toMatchObject({ name: 'OutOfReach' });
  await double.control.setFault({ route: 'GET /projects/*/protected_tags', fault: { kind: 'reset' } });
  expect(await raisedBy(() => settings().protectedTags(project))).toMatchObject({ name: 'GitLabUnavailable' });
});
