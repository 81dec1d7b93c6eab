import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { join } from 'node:path';
import { applicationAutoScaling } from '../../lib/adapters/aws/application-auto-scaling.ts';
import { ecrImages } from '../../lib/adapters/aws/ecr-images.ts';
import { ecsDiagnosis } from '../../lib/adapters/aws/ecs-diagnosis.ts';
import { ecsFleet } from '../../lib/adapters/aws/ecs-fleet.ts';
import { ecsServiceCopies } from '../../lib/adapters/aws/ecs-service-copies.ts';
import { elbv2Traffic } from '../../lib/adapters/aws/elbv2-traffic.ts';
import { ecrImageStore } from '../../lib/adapters/aws/ecr-image-store.ts';
import { gitlabApi } from '../../lib/adapters/gitlab/gitlab-api.ts';
import { gitlabRegistry } from '../../lib/adapters/registry/gitlab-registry.ts';
import { usualPace } from '../../lib/adapters/registry/pace.ts';
import { admit } from '../../lib/app/admit.ts';
import { checkGreen } from '../../lib/app/check-green.ts';
import { checkRollout } from '../../lib/app/check-rollout.ts';
import { confirm, type ConfirmInput } from '../../lib/app/confirm.ts';
import { copyImage, type CopyImageInput } from '../../lib/app/copy-image.ts';
import { findImage, type FindImageInput } from '../../lib/app/find-image.ts';
import { look } from '../../lib/app/look.ts';
import { recover } from '../../lib/app/recover.ts';
import { register } from '../../lib/app/register.ts';
import { recordSuccess } from '../../lib/app/record-success.ts';
import { retire } from '../../lib/app/retire.ts';
import { settle } from '../../lib/app/settle.ts';
import { shift } from '../../lib/app/shift.ts';
import { startGreen } from '../../lib/app/start-green.ts';
import { startRollout } from '../../lib/app/start-rollout.ts';
import { takeOver } from '../../lib/app/take-over.ts';
import { takeStock } from '../../lib/app/take-stock.ts';
import { testGreen } from '../../lib/app/test-green.ts';
import { undo } from '../../lib/app/undo.ts';
import { watch as watchTraffic } from '../../lib/app/watch.ts';
import type { Alarms } from '../../lib/ports/alarms.ts';
import type { Announcements } from '../../lib/ports/announcements.ts';
import type { CopyJournal } from '../../lib/ports/copy-journal.ts';
import type { Journal } from '../../lib/ports/journal.ts';
import type { Probe } from '../../lib/ports/probe.ts';
import type { Registry } from '../../lib/ports/registry.ts';
import type { Targets } from '../../lib/ports/targets.ts';
import type { GitlabCredentials } from '../../lib/ports/vault.ts';
import type { Workflows } from '../../lib/ports/workflows.ts';
import type { Target } from '../../lib/domain/target.ts';
import { executionName, type Cause, type FinishedCause, type ImageCause } from '../../lib/domain/cause.ts';
import { task } from '../../lib/runtime/task.ts';
import { virtualClock, type VirtualClock } from '../../local/clock.ts';
import { startFleet, type Fleet as FleetServer } from '../../local/fleet/server.ts';
import type { ImageBehaviour, ServiceSeed, ServiceSeeded } from '../../local/fleet/seeds.ts';
import { createWorld, type World } from '../../local/fleet/world/world.ts';
import { startGitlab, type Gitlab } from '../../local/gitlab/server.ts';
import { ensureVenv } from '../../local/venv.ts';
import { fleetControl, type FleetControl } from '../../local/fleet/control.ts';
import { httpProbe } from '../../lib/adapters/probe/http-probe.ts';
import { memoryAlarms, type MemoryAlarms } from './memory-alarms.ts';
import { memoryCopyJournal, type MemoryCopyJournal } from './memory-copy-journal.ts';
import { memoryJournal, type MemoryJournal } from './memory-journal.ts';
import { memoryAnnouncements, memoryTargets, memoryWorkflows, type MemoryWorkflows } from './memory-ports.ts';
import { pushImage, type PushedImage } from './pushed-image.ts';
import { account, bounds, interval, project, region, registry, target } from './samples.ts';
import { timekeeper } from './timekeeper.ts';
import { runMachine, type Run, type RunOptions, type Task } from './workflow-machine.ts';

/** The real verbs, adapters and workflow against the fleet and the GitLab double, all in this process on one virtual clock. */
export interface WorkflowWorld {
  clock: VirtualClock;
  fleet: FleetServer;
  control: FleetControl;
  world: World;
  service: ServiceSeeded;
  gitlab: Gitlab;
  journal: MemoryJournal;
  workflows: ReturnType<typeof memoryWorkflows>;
  announcements: ReturnType<typeof memoryAnnouncements>;
  targets: Target[];
  /** how GitLab's credentials are read; tests may change it */
  secret: { read: () => Promise<GitlabCredentials> };
  /** users' requests through the load balancer, so many for each second of world time */
  traffic: { answered: number; failed: number; perSecond: number };
  /** called after each second of world time, with the seconds since the start */
  eachSecond: (act: (second: number) => void) => void;
  /** Lets so many seconds (300) of world time pass. */
  rest: (seconds?: number) => void;
  copies: MemoryCopyJournal;
  alarms: MemoryAlarms;
  invocation: OutsidePorts['invocation'];
  /** An image pushed to GitLab's registry; answers the cause its notification would be. */
  push(behaviour: ImageBehaviour, more?: Partial<PushedImage>): Promise<ImageCause>;
  /** A pushed commit with its image in ECR and a finished pipeline; answers the cause its hook would be. */
  release(behaviour: ImageBehaviour, name?: string): Promise<FinishedCause>;
  run(
    cause: Cause,
    options?: { target?: Target; stopAt?: string; attempt?: number },
  ): Promise<Run & { execution: string }>;
  /** What the rule on the execution's end does: recover, and the recovery that it started, to its end. */
  recover(execution: string): Promise<Run>;
  /** recoveries that began, by whoever found the death, by name */
  recoveries: Map<string, Promise<Run>>;
  close(): Promise<void>;
}

export const healthy: ImageBehaviour = { does: 'become healthy', after: 10 };
export const unhealthy: ImageBehaviour = { does: 'never become healthy' };
export const repository = 'acme/web';

const mayDelete = { ...bounds, mayDelete: true };

/** So small that an image of a few kilobytes goes in parts. */
const partSize = 1_024;

const seedOf = (more: Partial<ServiceSeed>): ServiceSeed => ({
  cluster: 'prod',
  service: 'web',
  family: 'web',
  containers: [
    { name: 'app', image: `${registry}/${repository}:first` },
    { name: 'proxy', image: `${registry}/${repository}:first` },
  ],
  desiredCount: 2,
  circuitBreaker: { enable: true, rollback: true },
  ...more,
});

export const startParts = async (more: Partial<ServiceSeed>) => {
  const clock = virtualClock();
  const world = createWorld({ clock, region, account, seed: 7 });
  const { sitePackages } = await ensureVenv();
  const fleet = await startFleet({ world, clock, models: join(sitePackages, 'botocore', 'data'), seed: 7 });
  const gitlab = await startGitlab({ clock, seed: 7 });
  world.setRegistry({ partSize, putImagesPerSecond: 1_000 });
  world.putImage({ repository, tag: 'first', behaviour: healthy });
  const service = world.putService(seedOf(more));
  await gitlab.control.createProject({ id: project, path: 'acme/web' });
  return { clock, world, fleet, gitlab, service };
};

export type Parts = Awaited<ReturnType<typeof startParts>>;

/** What the verbs have of the outside besides the fleet and GitLab. */
export interface OutsidePorts {
  journal: Journal;
  workflows: MemoryWorkflows;
  announcements: Announcements;
  targets: Targets;
  secret: WorkflowWorld['secret'];
  copies: CopyJournal;
  alarms: Alarms;
  probe: Probe;
  /** ms that are left of an invocation; tests may change it */
  invocation: { remaining: () => number };
}

/** Sees, and may disturb, what goes on between the tasks and the outside. */
export interface Watch {
  /** the same client, its calls seen */
  client: <C extends ECSClient | ECRClient | ElasticLoadBalancingV2Client | ApplicationAutoScalingClient>(
    client: C,
  ) => C;
  /** GitLab's registry as the tasks see it */
  registry: (registry: Registry) => Registry;
  /** Step Functions as the tasks see it */
  workflows: (workflows: Workflows) => Workflows;
  /** the tasks of one execution, by state */
  tasks: (execution: string, tasks: Record<string, Task>) => Record<string, Task>;
  /** an execution begins */
  begin: (execution: string) => Omit<RunOptions, 'input'>;
}

const unwatched: Watch = {
  client: (client) => client,
  registry: (registry) => registry,
  workflows: (workflows) => workflows,
  tasks: (_execution, tasks) => tasks,
  begin: () => ({}),
};

/** Each task with clients of its own name, as deployed, so that faults can be aimed at one. */
const tasksOf = (
  { fleet, clock: worldClock }: Parts,
  ports: Omit<OutsidePorts, 'workflows'> & { workflows: Workflows },
  watch: Watch,
): Record<string, Task> => {
  const client = (userAgentAppId: string) => ({
    endpoint: fleet.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    userAgentAppId,
    maxAttempts: 1,
  });
  const ecs = (name: string) => ecsFleet(watch.client(new ECSClient(client(name))));
  const ecr = (name: string) => watch.client(new ECRClient(client(name)));
  const { journal, announcements, workflows, targets, copies, alarms, probe } = ports;
  const clock = () => new Date(worldClock.now());
  const telling = { announcements, clock };
  const api = gitlabApi(() => ports.secret.read());
  // Each invocation has its own: what dies takes its login with it. Between tries no time passes.
  const pace = { ...usualPace, now: () => worldClock.now(), wait: () => Promise.resolve() };
  const images = () =>
    watch.registry(gitlabRegistry(() => ports.secret.read(), { local: true, privateHosts: [], pace }));
  const findImageEcr = ecr('find-image');
  const store = ecrImageStore(ecr('copy-image'), partSize);
  const elb = (name: string) => watch.client(new ElasticLoadBalancingV2Client(client(name)));
  const traffic = (name: string) => elbv2Traffic(elb(name));
  const scaling = (name: string) =>
    applicationAutoScaling(watch.client(new ApplicationAutoScalingClient(client(name))));
  const serviceCopies = (name: string) => ecsServiceCopies(watch.client(new ECSClient(client(name))));
  const colours = (name: string) => ({ fleet: ecs(name), traffic: traffic(name), journal, interval });
  const diagnosis = (name: string) => ecsDiagnosis(watch.client(new ECSClient(client(name))), elb(name));
  return {
    Confirm: (input: ConfirmInput) =>
      task('confirm', confirm({ targets, gitlab: api, journal, clock, bounds: mayDelete, registry: images() }))(input),
    'Find image': (input: FindImageInput) =>
      task('find-image', findImage({ images: ecrImages(findImageEcr), registry: images(), ecr: registry }))(input),
    Admit: task('admit', admit({ journal, workflows, ...telling })),
    Look: task(
      'look',
      look({ ...colours('look'), scaling: scaling('look'), alarms, copies: serviceCopies('look'), workflows, clock }),
    ),
    'Copy image': (input: CopyImageInput) =>
      task(
        'copy-image',
        copyImage({ registry: images(), store, copies, journal, ...telling, ...ports.invocation }),
      )(input),
    Register: task('register', register({ fleet: ecs('register'), journal, ...telling })),
    'Start rollout': task(
      'start-rollout',
      startRollout({ fleet: ecs('start-rollout'), journal, interval, ...telling }),
    ),
    'Check rollout': task(
      'check-rollout',
      checkRollout({ fleet: ecs('check-rollout'), diagnosis: diagnosis('check-rollout'), journal, interval }),
    ),
    'Start green': task(
      'start-green',
      startGreen({
        ...colours('start-green'),
        copies: serviceCopies('start-green'),
        scaling: scaling('start-green'),
        ...telling,
      }),
    ),
    'Check green': task('check-green', checkGreen({ ...colours('check-green'), diagnosis: diagnosis('check-green') })),
    'Test green': task('test-green', testGreen({ traffic: traffic('test-green'), probe, journal })),
    Shift: task('shift', shift({ traffic: traffic('shift'), journal, interval, ...telling })),
    Watch: task('watch', watchTraffic({ ...colours('watch'), alarms })),
    'Record success': task('record-success', recordSuccess({ journal, clock })),
    Retire: task('retire', retire({ ...colours('retire'), scaling: scaling('retire') })),
    Undo: task('undo', undo({ ...colours('undo'), scaling: scaling('undo'), ...telling })),
    Settle: task('settle', settle({ journal, ...telling })),
    'Take over': task('take-over', takeOver({ journal, workflows, clock })),
    'Take stock': task('take-stock', takeStock({ fleet: ecs('take-stock'), journal })),
  };
};

/** One second of world time: things happen, and users send requests. */
const secondOf = ({ clock, world }: Parts, traffic: WorkflowWorld['traffic'], acts: ((second: number) => void)[]) => {
  let second = 0;
  return (): void => {
    clock.advance(1_000);
    second += 1;
    for (const act of acts) act(second);
    for (let request = 0; request < traffic.perSecond; request += 1)
      world.dataPlane.request('/web', ({ status }) => {
        traffic[status === 200 ? 'answered' : 'failed'] += 1;
      });
  };
};

/** A pushed commit whose image `put` puts where the target looks for it, and its finished pipeline. */
const releaserBy =
  ({ gitlab }: Parts, put: (tag: string, behaviour: ImageBehaviour) => unknown) =>
  async (behaviour: ImageBehaviour): Promise<FinishedCause> => {
    const { sha } = await gitlab.control.push({ project, ref: 'main' });
    await put(sha, behaviour);
    const { id, finishedAt } = await gitlab.control.runPipeline({ project, sha });
    return { kind: 'pipeline', project, pipeline: id, finishedAt: (finishedAt ?? '').replace(/\.\d+Z$/, 'Z') };
  };

export const releaser = (parts: Parts) =>
  releaserBy(parts, (tag, behaviour) => parts.world.putImage({ repository, tag, behaviour }));

/** To GitLab's registry; its layers go to ECR in one part and in several. */
export const releaserToRegistry = (parts: Parts) => {
  const layers = [{ size: 3 * partSize }, { size: 100 }];
  return releaserBy(parts, (tag, behaviour) => pushImage(parts, behaviour, { tag, layers }));
};

/** The workflow with its tasks in a world: what runs executions there, on its time. */
export const workflowIn = (parts: Parts, ports: OutsidePorts, watch: Watch = unwatched) => {
  const traffic = { answered: 0, failed: 0, perSecond: 1 };
  const acts: ((second: number) => void)[] = [];
  const passSecond = secondOf(parts, traffic, acts);
  const time = timekeeper(parts.clock, passSecond);
  const recoveries: WorkflowWorld['recoveries'] = new Map();

  const runStarted = async (name: string, options: RunOptions): Promise<Run> => {
    const run = await time.during(() =>
      runMachine({ tasks: watch.tasks(name, tasks), pass: time.pass }, name, { ...options, ...watch.begin(name) }),
    );
    ports.workflows.end(name, run.status === 'succeeded' ? undefined : (run.error ?? 'ABORTED'));
    return run;
  };

  /** Step Functions, as verbs see it: what they start runs. */
  const workflows: Workflows = {
    ...ports.workflows,
    start: async (name, input) => {
      const answer = await ports.workflows.start(name, input);
      if (answer === 'started') recoveries.set(name, runStarted(name, { input: input as { resume: string } }));
      return answer;
    },
  };
  const tasks: Record<string, Task> = tasksOf(parts, { ...ports, workflows: watch.workflows(workflows) }, watch);

  const run: WorkflowWorld['run'] = async (cause, { target: chosen = target(), stopAt, attempt = 1 } = {}) => {
    const execution =
      cause.kind === 'operator' ? `${chosen.name}-by-hand-${attempt}` : executionName(chosen, cause, attempt);
    const input = { target: { project: chosen.project, name: chosen.name }, cause };
    await ports.workflows.start(execution, input);
    const ended = await runStarted(execution, { input, ...(stopAt === undefined ? {} : { stopAt }) });
    return { ...ended, execution };
  };

  const eachSecond = (act: (second: number) => void) => void acts.push(act);
  return { traffic, eachSecond, time, passSecond, recoveries, workflows, run };
};

/** Ends the servers of a world. */
export const closeParts = async ({ gitlab, fleet }: Parts): Promise<void> => {
  await gitlab.close();
  await fleet.close();
};

export const startWorkflowWorld = async (more: Partial<ServiceSeed> = {}): Promise<WorkflowWorld> => {
  const parts = await startParts(more);
  const targets = memoryTargets(target());
  const journal = memoryJournal();
  const workflows = memoryWorkflows();
  const announcements = memoryAnnouncements();
  const { url, token, registryHost } = parts.gitlab;
  const login = { host: registryHost, username: 'drawbridge', password: token };
  const secret = { read: () => Promise.resolve({ url, token, registry: login }) };
  const copies = memoryCopyJournal();
  const invocation = { remaining: () => 900_000 };
  const alarms = memoryAlarms();
  const probe = httpProbe({ local: true, privateHosts: [] });
  const ports = { journal, workflows, announcements, targets, secret, copies, alarms, probe, invocation };
  const { traffic, eachSecond, passSecond, recoveries, workflows: starting, run } = workflowIn(parts, ports);

  return {
    ...parts,
    control: fleetControl(parts.fleet.url),
    journal,
    workflows,
    recoveries,
    announcements,
    targets: targets.targets,
    secret,
    copies,
    alarms,
    invocation,
    traffic,
    eachSecond,
    rest: (seconds = 300) => {
      for (let second = 0; second < seconds; second += 1) passSecond();
    },
    push: (behaviour, more = {}) => pushImage(parts, behaviour, more),
    release: releaser(parts),
    run,
    recover: async (execution) => {
      const { result } = await recover({ journal, workflows: starting })({ execution });
      const run = [...recoveries].filter(([name]) => name.startsWith(`${execution}-recover`)).at(-1)?.[1];
      if (run === undefined) throw new Error(`recover did nothing: ${result}`);
      return run;
    },
    close: () => closeParts(parts),
  };
};
