import { examineAreas } from '../../../../cli/doctor.ts';
import { awsAreas } from '../../../../cli/doctor/aws-areas.ts';
import { gitlabAreas } from '../../../../cli/doctor/gitlab-areas.ts';
import { freeLock } from '../../../../lib/domain/admission.ts';
import { serviceLabel } from '../../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../../lib/domain/failure.ts';
import type { Target } from '../../../../lib/domain/target.ts';
import { awake } from '../../../support/memory-scaling.ts';
import {
  blueGreen,
  blueGroup,
  forward,
  greenGroup,
  greenName,
  imageTarget,
  productionRule,
  serviceName,
  swapTarget,
  target,
} from '../../../support/samples.ts';
import { memoryDoctorPorts } from './memory-doctor-ports.ts';

/** What is asked, and whom, so that each area sees what there is. */

const place = { stage: 'prod', region: 'us-gov-west-1' };
type World = ReturnType<typeof memoryDoctorPorts>;

const found = async ({ ports, fleet }: World): Promise<string[]> => {
  const projects = await ports.targets.all();
  const areas = [...awsAreas(ports, projects, place), ...gitlabAreas(ports, projects, place)];
  const { findings } = await examineAreas(areas, place, () => undefined);
  expect(fleet.writes).toEqual([]);
  return findings.map(({ what }) => what);
};

test('nothing where nothing is wrong: one that rolls, one that is swapped', async () => {
  expect(await found(memoryDoctorPorts(target()))).toEqual([]);
  expect(await found(memoryDoctorPorts(swapTarget()))).toEqual([]);
});

const both = (blue: number, green: number) => [forward({ [blueGroup]: blue, [greenGroup]: green })];
const nowhere = () => Promise.reject(new DeployFailure('AwsUnavailable', 'DescribeServices: TimeoutError'));

test.each<[string, Target, (world: World) => unknown, RegExp]>([
  ['a cluster that is gone', target(), ({ seen }) => (seen.clusters = []), /no active cluster prod/],
  [
    'a service that is gone',
    target(),
    ({ fleet }) => {
      fleet.services.clear();
    },
    /no service prod\/web/,
  ],
  [
    'divided traffic',
    swapTarget(),
    ({ traffic }) => {
      traffic.put(productionRule, both(50, 50));
    },
    /AmbiguousTraffic/,
  ],
  [
    'an alarm that is not there',
    swapTarget(blueGreen({ alarms: ['errors'] })),
    () => undefined,
    /AlarmNotReady: there is no alarm errors/,
  ],
  [
    'tasks without users',
    swapTarget(),
    ({ fleet }) => {
      fleet.change(() => ({ desired: 2 }), greenName);
    },
    /web-green has no users, and yet 2 tasks/,
  ],
  [
    'scaling at rest on the colour that is live',
    swapTarget(),
    ({ scaling, traffic, fleet }) => {
      traffic.put(productionRule, both(0, 100));
      fleet.change(() => ({ desired: 2 }), greenName);
      fleet.change(() => ({ desired: 0 }), serviceName);
      const rests = { min: 2, max: 6, suspended: { ...awake, scaleIn: true } };
      scaling.services.set(serviceLabel(greenName), { target: rests, policies: [], scheduledActions: [] });
      scaling.services.set(serviceLabel(serviceName), {
        target: { ...rests, min: 0 },
        policies: [],
        scheduledActions: [],
      });
    },
    /web-green is live, and its scale-in rests/,
  ],
  [
    'images of another platform',
    target(),
    ({ seen }) =>
      (seen.repository = { there: true, newest: { tag: 'v2', platforms: [{ os: 'linux', architecture: 'arm64' }] } }),
    /v2 is for linux\/arm64/,
  ],
  ['no repository', target(), ({ seen }) => (seen.repository = { there: false }), /no ECR repository/],
  ['a dead token', target(), ({ seen }) => seen.tokens.delete('gitlab'), /gitlab_token is dead/],
  ['keys in CI', target(), ({ seen }) => seen.variables.push('AWS_ACCESS_KEY_ID'), /AWS_ACCESS_KEY_ID/],
  ['no hook', target(), ({ hooks }) => hooks.projects.set(4711, []), /no hook of this stage/],
  ['unprotected image tags', imageTarget(), ({ gitlab }) => gitlab.tagRules?.clear(), /no rule of GitLab's covers/],
  [
    "AWS's clock",
    target(),
    ({ seen }) => (seen.aws = new Date(seen.aws.getTime() + 90_000)),
    /AWS's clock is 90 s ahead/,
  ],
  [
    'AWS that does not answer',
    target(),
    ({ fleet }) => (fleet.service = nowhere),
    /the service of 4711\/web could not be asked: AwsUnavailable/,
  ],
  [
    'a project out of reach',
    target(),
    ({ hooks }) => hooks.projects.delete(4711),
    /the hooks of project 4711 could not be asked: OutOfReach/,
  ],
])('%s', async (_what, of, plant, says) => {
  const world = memoryDoctorPorts(of);
  plant(world);
  expect((await found(world)).join('\n')).toMatch(says);
});

test('while a deployment of ours is under way nothing is said of what it has moved', async () => {
  const world = memoryDoctorPorts(swapTarget());
  world.traffic.put(productionRule, both(50, 50));
  world.fleet.change(() => ({ desired: 2 }), greenName);
  const [execution, at] = ['web-1', '2026-01-05T09:41:00Z'];
  const holder = { execution, deployment: execution, target: '4711/web', key: [], precedence: 'order' as const };
  world.journal.locks.set(serviceLabel(serviceName), { ...freeLock, holder: { ...holder, askedAt: at, since: at } });
  expect(await found(world)).toEqual([]);
});
