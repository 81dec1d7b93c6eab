import { faults, withFaults, type Fault } from '../../../support/gitlab-rotation-faults.ts';
import {
  firstDocument,
  gitlabWorld,
  hour,
  minute,
  nameOf,
  ours,
  rotate,
  secret,
  tend,
  type GitlabWorld,
} from '../../../support/gitlab-rotation-world.ts';

/** Every call of a rotation, and of what tends it afterwards, fails once, in each way. */

const pair = { registry_username: 'puller', registry_password: 'pulls' };

/** One rotation is behind it: the secret holds tokens of ours. */
const world = async (): Promise<GitlabWorld> => {
  const made = gitlabWorld(firstDocument(pair));
  made.tokens.add({ kind: 'deploy', username: 'puller', value: 'pulls' });
  await rotate(made, 'v0');
  made.tokens.held.slice(0, 2).forEach((token) => (token.revoked = true));
  made.time.now += 24 * hour;
  await tend(made);
  made.time.now += 24 * hour;
  return made;
};

/** Someone who reads AWSCURRENT, and on a 401 AWSPENDING, is let in. */
const isLetIn = ({ secrets, tokens }: GitlabWorld, key: string): boolean =>
  (['AWSCURRENT', 'AWSPENDING'] as const).some((label) => tokens.alive(secrets.valueOf(secret, label)?.[key]));

/** Tried again as Secrets Manager does, then tended for a day. Answers when somebody was locked out, if ever. */
const play = async (
  made: GitlabWorld,
  fault: Fault | undefined,
  nth: number,
): Promise<{ lockedOut: string[]; calls: string[] }> => {
  const lockedOut: string[] = [];
  const look = (call: string): void => {
    for (const key of ['gitlab_token', 'registry_password']) if (!isLetIn(made, key)) lockedOut.push(`${call}: ${key}`);
  };
  const { ports, calls } = withFaults(made.ports, (_, call) => (call === nth ? fault : undefined), look);
  let name = await nameOf(rotate(made, 'v1', ports));
  for (let tries = 0; tries < 5 && made.secrets.labelled(secret, 'AWSCURRENT') !== 'v1'; tries += 1) {
    made.time.now += 5 * minute;
    name = await nameOf(rotate(made, 'v1', withFaults(made.ports, () => undefined, look).ports));
  }
  expect([undefined, 'AwsUnavailable', 'Error']).toContain(name);
  const tended = withFaults(made.ports, (_, call) => (call + calls.length === nth ? fault : undefined), look);
  await nameOf(tend({ ...made, ports: tended.ports }));
  for (let hours = 0; hours < 24; hours += 1) {
    made.time.now += hour;
    await tend(made);
  }
  return { lockedOut, calls: [...calls, ...tended.calls.map((call) => `tend ${call}`)] };
};

test('whatever fails once, nobody is locked out, and one live token of each kind is left', async () => {
  const { calls } = await play(await world(), undefined, 0);
  const cases = faults.flatMap((fault) => calls.map((call, at) => [fault, call, at + 1] as const));
  expect(cases.length).toBeGreaterThan(100);
  for (const [fault, call, nth] of cases) {
    const made = await world();
    const { lockedOut } = await play(made, fault, nth);
    const left = made.tokens.named(ours).map(({ value }) => value);
    const held = made.secrets.valueOf(secret, 'AWSCURRENT');
    const told = `${fault} ${call}`;
    expect([told, lockedOut, made.secrets.labelled(secret, 'AWSCURRENT')]).toEqual([told, [], 'v1']);
    expect([told, ...left.sort()]).toEqual([told, ...[held?.['gitlab_token'], held?.['registry_password']].sort()]);
  }
});
