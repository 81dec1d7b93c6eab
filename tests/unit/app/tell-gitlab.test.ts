import { tellGitlab, type TellGitlabOutput } from '../../../lib/app/tell-gitlab.ts';
import type { DeploymentRecord, End } from '../../../lib/domain/deployment.ts';
import { DeployFailure, failureNames } from '../../../lib/domain/failure.ts';
import type { FeedbackWish } from '../../../lib/domain/feedback.ts';
import type { GitlabDeployments } from '../../../lib/ports/gitlab-deployments.ts';
import { memoryFeedbackJournal } from '../../support/memory-feedback-journal.ts';
import { memoryGitlabDeployments, type Mishap } from '../../support/memory-gitlab-deployments.ts';
import { memoryRegistry, descriptorOf } from '../../support/memory-registry.ts';
import { account, end, imageCause, partition, project, record, sha, without } from '../../support/samples.ts';

const wish: FeedbackWish = { project, environment: 'production' };
const settle = 120_000;

/** One deployment, `web-1`, whose journal and GitLab stand before us; our clock goes as GitLab's does, three seconds ahead. */
const newWorld = (change: Partial<DeploymentRecord> = {}) => {
  const gitlab = memoryGitlabDeployments();
  const [feedback, registry] = [memoryFeedbackJournal(), memoryRegistry()];
  const records = new Map([['web-1', record({ feedback: wish, ...change })]]);
  const journal = { read: (deployment: string) => Promise.resolve(records.get(deployment)) };
  const clock = () => new Date(gitlab.now + 3_000);
  const ports = { journal, feedback, gitlab, registry, clock, settle, runbookUrl: '' };
  const tell = (deployment = 'web-1'): Promise<TellGitlabOutput> => tellGitlab(ports)({ deployment });
  const ends = (value: Partial<End> = {}, deployment = 'web-1') => {
    const of = records.get(deployment);
    if (of !== undefined) records.set(deployment, { ...of, end: end(value) });
  };
  const later = (ms = settle) => (gitlab.now += ms);
  const shown = () => gitlab.deployments.map(({ environment, status }) => `${environment}: ${status}`);
  const asked = (method: keyof GitlabDeployments) => gitlab.asked.filter((one) => one === method).length;
  return { ...ports, ports, records, tell, ends, later, shown, asked };
};

type World = ReturnType<typeof newWorld>;

/** As SQS does: the message comes again, later, until it is taken. */
const untilTaken = async (world: World, deployment = 'web-1'): Promise<TellGitlabOutput> => {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      return await world.tell(deployment);
    } catch (error) {
      if (!(error instanceof DeployFailure)) throw error;
      world.later();
    }
  }
  throw new Error('told ten times in vain');
};

const failed = {
  outcome: 'failed',
  failure: 'RolloutFailed',
  because: `task def arn:${partition}:ecs:x:${account}`,
} as const;

describe('what GitLab is shown', () => {
  test('a deployment that began is running, and then what it came to', async () => {
    const world = newWorld();
    expect(await world.tell()).toEqual({ result: 'told', status: 'running' });
    expect(world.gitlab.deployments).toMatchObject([{ project, environment: 'production', sha, ref: 'main' }]);
    world.ends();
    expect(await world.tell()).toEqual({ result: 'told', status: 'success' });
    expect(world.shown()).toEqual(['production: success']);
  });

  test.each([
    ['deployed', ['production: success']],
    ['failed', ['production: failed']],
    ['already deployed', []],
    ['superseded', []],
    ['outdated', []],
    ['held', []],
  ] as const)('of one that ended as %s and was never told of before: %j', async (outcome, shown) => {
    const world = newWorld();
    world.ends({ outcome, ...(outcome === 'failed' ? { failure: 'QueueTimedOut' } : {}) });
    await world.tell();
    expect(world.shown()).toEqual(shown);
  });

  test.each([
    ['already deployed', 'success'],
    ['superseded', 'canceled'],
    ['outdated', 'canceled'],
    ['held', 'canceled'],
  ] as const)('one that was running and ended as %s does not stay so: %s', async (outcome, status) => {
    const world = newWorld();
    await world.tell();
    world.ends({ outcome });
    expect(await world.tell()).toEqual({ result: 'told', status });
  });

  test('nothing of one that was never confirmed, or whose target names no environment', async () => {
    const world = newWorld();
    expect(await world.tell('web-2')).toEqual({ result: 'nothing to tell' });
    world.records.set('web-2', record({ deployment: 'web-2', end: end(failed) }));
    expect(await world.tell('web-2')).toEqual({ result: 'nothing to tell' });
    expect(world.gitlab.asked).toEqual([]);
  });

  test('a tag is one', async () => {
    const world = newWorld({ ref: 'v1', tag: true });
    await world.tell();
    expect(world.feedback.states.get('web-1')).toMatchObject({ commit: { sha, ref: 'v1', tag: true } });
  });

  test('messages that come late or twice change nothing', async () => {
    const world = newWorld();
    world.ends();
    await world.tell();
    const asked = world.gitlab.asked.length;
    expect(await world.tell()).toEqual({ result: 'nothing to tell', status: 'success' });
    expect(world.gitlab.asked).toHaveLength(asked);
    expect(world.shown()).toEqual(['production: success']);
  });
});

describe('the environment', () => {
  const ofJob = { project, environment: 'production', sha, ref: 'main', status: 'success', ofJob: true };
  const deployedByJob = { ...ofJob, id: 1, createdAt: '2026-01-05T09:30:00Z' };

  test('is one below it where CI jobs deploy to it', async () => {
    const world = newWorld();
    world.gitlab.deployments.push(deployedByJob);
    await world.tell();
    expect(world.shown()).toEqual(['production: success', 'production/drawbridge: running']);
  });

  test('is chosen once: a CI job that comes meanwhile changes nothing', async () => {
    const world = newWorld();
    await world.tell();
    world.gitlab.deployments.push({ ...deployedByJob, id: 2 });
    world.ends();
    await world.tell();
    expect(world.shown()).toEqual(['production: success', 'production: success']);
  });

  test('shows its address, and a refusal of that fails nothing', async () => {
    const url = 'https://www.example.com';
    const world = newWorld({ feedback: { ...wish, url } });
    world.gitlab.mishap('setUrl', 'refused');
    expect(await world.tell()).toEqual({ result: 'told', status: 'running' });
    world.ends();
    await world.tell();
    expect(world.gitlab.urls).toEqual(new Map([['production', url]]));
  });
});

describe('an answer that is lost', () => {
  test('after GitLab had made it: that one is taken over, when the attempt is over', async () => {
    const world = newWorld();
    world.gitlab.mishap('create', 'lost');
    await expect(world.tell()).rejects.toThrow('GitLab did not answer');
    world.later(settle - 1);
    await expect(world.tell()).rejects.toThrow('not known yet');
    world.later(1);
    expect(await world.tell()).toEqual({ result: 'told', status: 'running' });
    expect(world.asked('create')).toBe(1);
  });

  test('before: it is made then', async () => {
    const world = newWorld();
    world.gitlab.mishap('create', 'silent');
    expect(await untilTaken(world)).toEqual({ result: 'told', status: 'running' });
    expect(world.shown()).toEqual(['production: running']);
  });

  test('of one whose end comes first: it is found and ended', async () => {
    const world = newWorld();
    world.gitlab.mishap('create', 'lost');
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    world.ends(failed);
    expect(await untilTaken(world)).toEqual({ result: 'told', status: 'failed' });
    expect(world.shown()).toEqual(['production: failed']);
  });

  test.each<[Mishap, string[]]>([
    ['lost', ['production: success']],
    ['silent', []],
  ])('of an attempt that changed nothing after all: %s', async (how, shown) => {
    const world = newWorld();
    world.gitlab.mishap('create', how);
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    world.ends({ outcome: 'already deployed' });
    await untilTaken(world);
    expect(world.shown()).toEqual(shown);
  });

  test('of an end: it is said once more', async () => {
    const world = newWorld();
    await world.tell();
    world.ends();
    world.gitlab.mishap('setStatus', 'lost');
    expect(await untilTaken(world)).toEqual({ result: 'told', status: 'success' });
  });

  const likeOurs = { project, environment: 'production', sha, ref: 'main', status: 'running', user: 17, ofJob: false };

  test.each([
    ['of another commit', { sha: 'f'.repeat(40) }],
    ["another user's", { user: 18 }],
    ["a CI job's", { ofJob: true }],
    ['made before the attempt', { createdAt: '2026-01-05T09:39:59.999Z' }],
  ])('%s is not ours', async (_what, change) => {
    const world = newWorld();
    world.gitlab.mishap('create', 'silent');
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    world.gitlab.deployments.push({ ...likeOurs, id: 1, createdAt: '2026-01-05T09:40:00.000Z', ...change });
    await untilTaken(world);
    expect(world.gitlab.deployments).toHaveLength(2);
    expect(world.feedback.claims.get(`${project}/1`)).toBeUndefined();
  });

  test('is looked for as the user of then, though a rotation has made another', async () => {
    const world = newWorld();
    world.gitlab.mishap('create', 'lost');
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    world.gitlab.self = 99;
    await untilTaken(world);
    expect(world.shown()).toEqual(['production: running']);
  });

  test.each<Mishap>(['lost', 'silent'])('of one of two alike: each gets one of its own: %s', async (how) => {
    const world = newWorld();
    world.records.set('web-2', record({ deployment: 'web-2', feedback: wish }));
    world.gitlab.mishap('create', how);
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    await world.tell('web-2');
    await untilTaken(world);
    expect(world.shown()).toHaveLength(2);
    expect([...world.feedback.claims.values()].sort()).toEqual(['web-1', 'web-2']);
  });

  test('and what the other made is taken first: the other takes what this one left', async () => {
    const world = newWorld();
    world.records.set('web-2', record({ deployment: 'web-2', feedback: wish }));
    world.gitlab.mishap('create', 'lost');
    await expect(world.tell()).rejects.toThrow(DeployFailure);
    world.later();
    // web-2's is claimed for web-1 before web-2 gets to claim it.
    const { claim } = world.feedback;
    world.ports.feedback.claim = async (deployment, one) => {
      world.ports.feedback.claim = claim;
      await claim('web-1', one);
      return claim(deployment, one);
    };
    await expect(world.tell('web-2')).rejects.toThrow('not known yet');
    await untilTaken(world);
    await untilTaken(world, 'web-2');
    expect(new Set([...world.feedback.states.values()].map(({ id }) => id)).size).toBe(2);
  });
});

describe('two messages at once', () => {
  test('make one deployment', async () => {
    const world = newWorld();
    const both = await Promise.allSettled([world.tell(), world.tell()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await untilTaken(world);
    expect(world.shown()).toEqual(['production: running']);
  });

  test('a start and an end, in any order, come to the end', async () => {
    const world = newWorld();
    const start = world.tell();
    world.ends();
    await Promise.allSettled([start, world.tell()]);
    await untilTaken(world);
    expect(world.shown()).toEqual(['production: success']);
  });
});

/** Every call of GitLab's and of the journal's that a run makes, and a death before or after it. */
describe('a death', () => {
  const methods = ['user', 'list', 'create', 'setStatus', 'setUrl', 'comment'] as const;
  const cases = methods.flatMap((method) => (['silent', 'lost'] as const).map((how) => [method, how] as const));

  test.each(cases)('at %s, %s: all is told in the end, and nothing twice', async (method, how) => {
    const world = newWorld({ feedback: { ...wish, url: 'https://www.example.com', noteOnFailure: true } });
    world.ends(failed);
    world.gitlab.mishap(method, how);
    await untilTaken(world);
    await untilTaken(world);
    expect(world.shown()).toEqual(['production: failed']);
    expect(world.gitlab.comments.length).toBeLessThanOrEqual(1);
  });

  test.each([1, 2, 3, 4])('before write %d of the journal', async (number) => {
    const world = newWorld({ feedback: { ...wish, noteOnFailure: true } });
    world.ends(failed);
    const { write } = world.feedback;
    let writes = 0;
    world.ports.feedback.write = (deployment, state) => {
      writes += 1;
      if (writes === number) return Promise.reject(new DeployFailure('AwsUnavailable', 'the Lambda was ended'));
      return write(deployment, state);
    };
    await untilTaken(world);
    expect(world.shown()).toEqual(['production: failed']);
    expect(world.gitlab.comments).toHaveLength(1);
  });
});

describe('GitLab is away', () => {
  test('nothing is lost: when it is back it shows how all of it ended', async () => {
    const world = newWorld();
    world.gitlab.down = true;
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(world.tell()).rejects.toThrow(DeployFailure);
      world.later();
    }
    world.ends();
    world.gitlab.down = false;
    expect(await untilTaken(world)).toEqual({ result: 'told', status: 'success' });
    expect(world.shown()).toEqual(['production: success']);
  });

  test.each(['user', 'list', 'create'] as const)(
    'a refusal at %s is told as one, and holds nothing up',
    async (method) => {
      const world = newWorld();
      world.gitlab.mishap(method, 'refused');
      expect(await world.tell()).toEqual({ result: 'refused', because: 'GitLab answered 403' });
      world.ends();
      expect(await world.tell()).toEqual({ result: 'told', status: 'success' });
      expect(world.shown()).toEqual(['production: success']);
    },
  );

  test('a refusal of the end leaves what is shown', async () => {
    const world = newWorld();
    await world.tell();
    world.ends();
    world.gitlab.mishap('setStatus', 'refused');
    expect(await world.tell()).toEqual({ result: 'refused', because: 'GitLab answered 403', status: 'running' });
  });
});

describe('a pushed image', () => {
  const pushed = (labels: object | undefined, { index = false } = {}) => {
    const world = newWorld();
    const { registry } = world;
    const config = Buffer.from(JSON.stringify({ os: 'linux', ...(labels && { config: { Labels: labels } }) }));
    const layers = [registry.layer(Buffer.from('layer'))];
    const image = registry.image({ layers, config });
    const attestation = registry.image({ layers, config: Buffer.from('{}') });
    const unknown = descriptorOf(attestation, { platform: { os: 'unknown', architecture: 'unknown' } });
    const variant = descriptorOf(image, { platform: { os: 'linux', architecture: 'arm64' } });
    const { digest } = index ? registry.index([unknown, variant]) : image;
    const feedback = { ...wish, image: { repository: 'acme/web/app', digest } };
    world.records.set('web-1', { ...without(without(record({ cause: imageCause }), 'sha'), 'ref'), feedback });
    world.gitlab.commits.set(sha, { sha, ref: 'main', tag: false });
    return world;
  };
  const named = { 'org.opencontainers.image.revision': sha };

  test.each([{ index: false }, { index: true }])('is shown by the commit that its label names: %j', async (how) => {
    const world = pushed(named, how);
    expect(await world.tell()).toEqual({ result: 'told', status: 'running' });
    expect(world.gitlab.deployments).toMatchObject([{ sha, ref: 'main' }]);
  });

  test('the label is read once', async () => {
    const world = pushed(named);
    await world.tell();
    world.registry.asked.length = 0;
    world.ends();
    await world.tell();
    expect(world.registry.asked).toEqual([]);
  });

  test.each([
    ['no config', undefined],
    ['no label', {}],
    ['a short one', { 'org.opencontainers.image.revision': sha.slice(0, 8) }],
    ['one of another project', { 'org.opencontainers.image.revision': 'f'.repeat(40) }],
    ['no text', { 'org.opencontainers.image.revision': 7 }],
  ])('that names no commit GitLab knows is not shown, which is said once: %s', async (_what, labels) => {
    const world = pushed(labels);
    expect(await world.tell()).toEqual({ result: 'unknown commit' });
    world.ends();
    expect(await world.tell()).toEqual({ result: 'nothing to tell' });
    expect(world.shown()).toEqual([]);
  });

  test.each([
    ['RegistryRefused', { result: 'unknown commit' }],
    ['ImageRefused', { result: 'unknown commit' }],
    ['ImageMissing', { result: 'unknown commit' }],
  ] as const)('%s is no reason to try again', async (name, output) => {
    const world = pushed(named);
    world.registry.manifest = () => Promise.reject(new DeployFailure(name, 'x'));
    expect(await world.tell()).toEqual(output);
  });

  test('its registry is away: it is tried again', async () => {
    const world = pushed(named);
    const { manifest } = world.registry;
    world.registry.manifest = () => Promise.reject(new DeployFailure('RegistryUnavailable', 'x'));
    await expect(world.tell()).rejects.toMatchObject({ name: 'RegistryUnavailable' });
    world.registry.manifest = manifest;
    expect(await world.tell()).toEqual({ result: 'told', status: 'running' });
  });

  test('a config of more than a MiB is not read', async () => {
    const world = pushed({ ...named, padding: 'x'.repeat(2 ** 20) });
    expect(await world.tell()).toEqual({ result: 'unknown commit' });
    expect(world.registry.asked.some((what) => what.startsWith('blob'))).toBe(false);
  });
});

describe('a note on a failure', () => {
  const noted = (change: Partial<DeploymentRecord> = {}) =>
    newWorld({ feedback: { ...wish, noteOnFailure: true }, ...change });
  const sentence = 'The new image does not come to life.';

  test('has the name of the failure and our own sentence, and is sent once', async () => {
    const world = noted();
    world.ends(failed);
    expect(await world.tell()).toEqual({ result: 'told', status: 'failed', note: 'sent' });
    await world.tell();
    const text = `Deployment to \`production\` failed: \`RolloutFailed\`. ${sentence}`;
    expect(world.gitlab.comments).toEqual([{ sha, text }]);
  });

  test('links to the runbook, where ops have one', async () => {
    const world = noted();
    world.ends(failed);
    world.ports.runbookUrl = 'https://git.example.com/ops/runbook.md';
    await tellGitlab(world.ports)({ deployment: 'web-1' });
    expect(world.gitlab.comments[0]?.text).toContain(
      '[`RolloutFailed`](https://git.example.com/ops/runbook.md#rolloutfailed)',
    );
  });

  test.each(['lost', 'silent', 'refused'] as const)('is never sent twice, though it may be lost: %s', async (how) => {
    const world = noted();
    world.ends(failed);
    world.gitlab.mishap('comment', how);
    expect(await world.tell()).toMatchObject({ result: 'told', note: 'lost' });
    await world.tell();
    expect(world.asked('comment')).toBe(1);
  });

  test('is sent also where the deployment itself may not be shown', async () => {
    const world = noted();
    world.ends(failed);
    world.gitlab.mishap('list', 'refused');
    expect(await world.tell()).toMatchObject({ result: 'refused', note: 'sent' });
  });

  test('is not sent for what is no failure, nor where the target does not ask', async () => {
    const worlds = [noted(), newWorld()];
    worlds[0]?.ends();
    worlds[1]?.ends(failed);
    for (const world of worlds) {
      await world.tell();
      expect(world.gitlab.comments).toEqual([]);
    }
  });

  test('of any failure says nothing but that', async () => {
    for (const failure of failureNames) {
      const world = noted();
      world.ends({ ...failed, failure });
      await world.tell();
      const [{ text } = { text: '' }] = world.gitlab.comments;
      expect(text).toMatch(/^Deployment to `production` failed: `[A-Za-z]+`\. [A-Z][^`\n]+\.$/);
      expect(text).not.toMatch(/arn:|\d{12}|https?:|amazonaws|ECS|ECR|AWS/);
    }
  });
});
