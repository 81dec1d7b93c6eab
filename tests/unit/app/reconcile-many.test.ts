import { seededRandom } from '../../../local/fleet/wire/seeded-random.ts';
import { reconcileWorld, type ReconcileWorld } from '../../support/reconcile-world.ts';
import { imageTarget, jobFacts, jobTarget, project, target } from '../../support/samples.ts';
import type { Target } from '../../../lib/domain/target.ts';

/** Forty pushes over ten targets, three of ten hooks lost: what is there in the end is what should be, and was deployed once. */

const pushes = 40;
const dropped = 0.3;
const failed = 0.15;

const own = (n: number, kind: 'pipeline' | 'job' | 'image'): Target => {
  const named = { name: `${kind}-${n}`, service: `${kind}-${n}` };
  const ref = `branch-${n}`;
  if (kind === 'pipeline') return target({ ...named, on: { kind, ref, sources: ['push'] } });
  if (kind === 'job') return jobTarget({ ...named, on: { kind, job: 'deploy-prod', ref, sources: ['push'] } });
  return imageTarget({ ...named, on: { kind, repository: 'acme/web/app', tag: `stable-${n}` }, unprotectedTags: true });
};

const targets = [
  ...[1, 2, 3, 4].map((n) => own(n, 'pipeline')),
  ...[5, 6, 7].map((n) => own(n, 'job')),
  ...[8, 9, 10].map((n) => own(n, 'image')),
];

/** What each push leaves: the image that should run, by target; and whether a hook told of it. */
const push = async (
  world: ReconcileWorld,
  { on, name }: Target,
  { id, random }: { id: number; random: () => number },
): Promise<[string, string] | undefined> => {
  const isTold = random() >= dropped;
  const status = random() < failed ? 'failed' : 'success';
  const label = `${project}/${name}`;
  if (on.kind === 'image') {
    world.pass(1);
    const digest = `sha256:${id.toString(16).padStart(64, '0')}`;
    world.registry.tags.set(`${on.repository}:${on.tag}`, digest);
    const pushedAt = world.clock().toISOString();
    if (isTold)
      await world.tellPush({ repository: on.repository, tag: on.tag, digest, event: `event-${id}`, pushedAt });
    return [label, digest];
  }
  const ref = 'ref' in on ? on.ref : '';
  world.gitlab.refs.set(`branch ${ref}`, true);
  const facts = world.succeed(90_000 + id, { ref, status });
  if (on.kind === 'job') {
    const job = world.finish(jobFacts({ job: 700_000 + id, pipeline: facts.pipeline, ref, status }));
    if (isTold) await world.tellJob(job);
  } else if (isTold) await world.tell(facts);
  return status === 'success' ? [label, world.imageOf(facts.pipeline)] : undefined;
};

test.each(Array.from({ length: 25 }, (_, seed) => seed + 1))('seed %i', async (seed) => {
  const random = seededRandom(seed);
  const world = reconcileWorld(...targets);
  const wanted = new Map<string, string>();
  for (let id = 1; id <= pushes; id += 1) {
    const chosen = targets[Math.floor(random() * targets.length)] as Target;
    const good = await push(world, chosen, { id, random });
    if (good !== undefined) wanted.set(...good);
    if (random() < 0.5) await world.playAll();
    if (random() < 0.1) await world.reconcile();
  }
  for (let period = 0; period < 2; period += 1) {
    world.pass(10);
    await world.reconcile();
    await world.playAll();
  }
  for (const [label, image] of wanted)
    expect([label, world.live.get(label)]).toEqual([label, expect.stringContaining(image)]);
  expect([...world.live.keys()].sort()).toEqual([...wanted.keys()].sort());
  expect(new Set(world.rolledOut).size).toBe(world.rolledOut.length);
  world.pass(10);
  expect(await world.reconcile()).toMatchObject({ started: 0 });
});
