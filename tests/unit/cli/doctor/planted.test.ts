import { judgeClocks } from '../../../../cli/doctor/clock.ts';
import { judgeEndpoints } from '../../../../cli/doctor/endpoints.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';
import { judgeHooks, type HooksSight } from '../../../../cli/doctor/hooks.ts';
import { judgeImages, type ImagesSight } from '../../../../cli/doctor/images.ts';
import { judgeProject, type ProjectSight } from '../../../../cli/doctor/project.ts';
import { judgeSecrets, type SecretsSight } from '../../../../cli/doctor/secrets.ts';
import { judgeService, type ServiceSight } from '../../../../cli/doctor/services.ts';
import { judgeSwap, type SwapSight } from '../../../../cli/doctor/swap.ts';
import { judgeTargets, type TargetsSight } from '../../../../cli/doctor/targets.ts';
import { judgeTokens, type TokensSight } from '../../../../cli/doctor/tokens.ts';
import { awake } from '../../../support/memory-scaling.ts';
import {
  account,
  blueGreen,
  blueGroup,
  blueService,
  bounds,
  greenGroup,
  imageTarget,
  jobTarget,
  region,
  revision,
  swapTarget,
  tagTarget,
  target,
} from '../../../support/samples.ts';

/** Each area: nothing is found where nothing is wrong, and each planted fault with what mends it. */

const place = { stage: 'prod', region };
const here = `--stage prod --region ${region}`;

type Planted = [what: string, findings: Finding[], severity: Finding['severity'], says: RegExp, remedy: string];

const judged = (planted: Planted[]): void => {
  test.each(planted)('%s', (_what, findings, severity, says, remedy) => {
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity, what: expect.stringMatching(says) as string });
    expect(findings[0]?.remedy).toContain(remedy);
  });
};

const secret = { filled: true, rotationEnabled: true };
const secrets = (change: Partial<SecretsSight> = {}): SecretsSight => ({
  hook: { name: 'hook', ...secret },
  gitlab: { name: 'gitlab', ...secret },
  manager: { name: 'manager', ...secret, rotationEnabled: false },
  rotatesItself: false,
  ...change,
});
const ofSecrets = (change: Partial<SecretsSight>) => judgeSecrets(secrets(change), place);

describe('secrets', () => {
  test('nothing', () => {
    expect(ofSecrets({})).toEqual([]);
  });
  const short = { name: 'hook', ...secret, problem: 'secret hook: webhook_token missing, empty, too short' };
  const malformed = { name: 'gitlab', ...secret, problem: 'secret gitlab: gitlab_url missing' };
  const off = { name: 'gitlab', ...secret, rotationEnabled: false };
  const empty = { name: 'manager', filled: false, rotationEnabled: false };
  judged([
    ['a short hook token', ofSecrets({ hook: short }), 'wrong', /webhook_token/, 'put-secret-value --secret-id hook'],
    [
      'no hook secret yet',
      ofSecrets({ hook: { name: 'hook', filled: false, rotationEnabled: true } }),
      'wrong',
      /503/,
      `drawbridge rotate ${here}`,
    ],
    [
      'the hook is not rotated',
      ofSecrets({ hook: { name: 'hook', ...secret, rotationEnabled: false } }),
      'wrong',
      /hook is not rotated/,
      'drawbridge rotate',
    ],
    ['a missing key', ofSecrets({ gitlab: malformed }), 'wrong', /gitlab_url missing/, '--secret-id gitlab'],
    [
      'no GitLab secret',
      ofSecrets({ gitlab: { name: 'gitlab', filled: false, rotationEnabled: false } }),
      'wrong',
      /no value/,
      '--secret-id gitlab',
    ],
    [
      'GitLab tokens are not rotated',
      ofSecrets({ gitlab: off }),
      'warning',
      /gitlab is not rotated/,
      'drawbridge rotate',
    ],
    ['no manager', ofSecrets({ manager: empty }), 'warning', /stands in/, '--secret-id manager'],
  ]);
  test('without a manager nobody is told to rotate what could not be', () => {
    expect(ofSecrets({ manager: empty, gitlab: off }).map(({ what }) => what)).toEqual([
      expect.stringMatching(/stands in/),
    ]);
    expect(ofSecrets({ manager: empty, rotatesItself: true })).toEqual([]);
  });
});

const at = new Date('2026-01-05T09:40:00Z');
const api = { scopes: ['api'], at, expiresAt: '2026-12-31' };
const tokens = (change: Partial<TokensSight> = {}): TokensSight => ({
  gitlab: { scopes: ['read_api', 'read_registry'], at, expiresAt: '2026-12-31' },
  manager: api,
  secrets: { gitlab: 'gitlab', manager: 'manager' },
  registryLogin: true,
  forRegistry: true,
  ...change,
});
const ofTokens = (change: Partial<TokensSight>) => judgeTokens(tokens(change), place);

describe('tokens', () => {
  test('nothing; a token without an end, and one of the whole API, are good', () => {
    expect(ofTokens({})).toEqual([]);
    expect(ofTokens({ gitlab: { scopes: ['api'], at }, manager: 'none', registryLogin: undefined })).toEqual([]);
    expect(ofTokens({ gitlab: { scopes: ['read_api'], at }, forRegistry: false })).toEqual([]);
  });
  const soon = '2026-01-19';
  judged([
    ['dead', ofTokens({ gitlab: undefined }), 'wrong', /gitlab_token is dead/, `drawbridge rotate ${here}`],
    [
      'dead, and no manager',
      ofTokens({ gitlab: undefined, manager: 'none' }),
      'wrong',
      /gitlab_token is dead/,
      'put-secret-value --secret-id gitlab',
    ],
    [
      'near its end',
      ofTokens({ gitlab: { ...api, expiresAt: soon } }),
      'warning',
      /gitlab_token ends in 13 days/,
      'drawbridge rotate',
    ],
    [
      'without read_api',
      ofTokens({ gitlab: { scopes: ['read_registry'], at } }),
      'wrong',
      /lacks the scope read_api/,
      '--secret-id gitlab',
    ],
    [
      'without read_registry',
      ofTokens({ gitlab: { scopes: ['read_api'], at } }),
      'wrong',
      /lacks the scope read_registry/,
      '--secret-id gitlab',
    ],
    [
      'a registry that refuses',
      ofTokens({ registryLogin: false, forRegistry: false }),
      'wrong',
      /refuses registry_password/,
      'deploy token',
    ],
    [
      'a dead manager',
      ofTokens({ manager: undefined }),
      'wrong',
      /gitlab_manager_token is dead/,
      '--secret-id manager',
    ],
    [
      'a manager near its end',
      ofTokens({ manager: { ...api, expiresAt: soon } }),
      'warning',
      /manager_token ends in 13 days/,
      '--secret-id manager',
    ],
    [
      'a manager without api',
      ofTokens({ manager: { ...api, scopes: ['read_api'] } }),
      'wrong',
      /lacks the scope api/,
      '--secret-id manager',
    ],
  ]);
});

const hook = {
  ...{ id: 31, url: 'https://doors.example/webhooks/pipeline', signing: true },
  ...{ pipeline: true, job: false, sslVerification: true, alertStatus: 'executable' as const },
  disabledUntil: undefined,
};
const hooks = (
  change: Partial<HooksSight> = {},
  of: Partial<typeof hook> | { alertStatus: 'disabled' | 'temporarily_disabled' } = {},
): Finding[] =>
  judgeHooks(
    {
      project: 4711,
      needed: { pipeline: true, job: false },
      hooks: [{ ...hook, ...of }],
      elsewhere: [],
      signed: true,
      ...change,
    },
    place,
  );

describe('hooks', () => {
  test('nothing; nor of a GitLab that knows no signing, nor where none is needed', () => {
    expect(hooks()).toEqual([]);
    expect(
      judgeHooks(
        {
          project: 1,
          needed: { pipeline: true, job: false },
          hooks: [{ ...hook, signing: undefined }],
          elsewhere: [],
          signed: false,
        },
        place,
      ),
    ).toEqual([]);
    expect(hooks({ needed: undefined, hooks: [] })).toEqual([]);
    expect(hooks({ signed: undefined }, { signing: false })).toEqual([]);
  });
  const install = `drawbridge hooks install --project 4711 ${here}`;
  const testing = `drawbridge hooks test --project 4711 ${here}`;
  judged([
    ['none', hooks({ hooks: [] }), 'wrong', /no hook of this stage/, install],
    [
      'another address',
      hooks({ hooks: [], elsewhere: [12] }),
      'wrong',
      /hook 12 of project 4711 goes to another address/,
      install,
    ],
    ['events off', hooks({ needed: { pipeline: true, job: true } }), 'wrong', /does not tell of job events/, install],
    ['no verification', hooks({}, { sslVerification: false }), 'wrong', /does not verify certificates/, install],
    ['not signed, and must be', hooks({}, { signing: false }), 'wrong', /only signatures count/, install],
    [
      'not signed, and could be',
      hooks({ signed: false }, { signing: false }),
      'warning',
      /not signed/,
      'drawbridge rotate',
    ],
    ['switched off', hooks({}, { alertStatus: 'disabled' }), 'wrong', /switched off/, testing],
    ['resting', hooks({}, { alertStatus: 'temporarily_disabled' }), 'wrong', /rests after failures/, testing],
  ]);
});

const stack = { ...bounds, listenerRules: [`arn:aws-us-gov:elasticloadbalancing:${region}:${account}:*`] };
const targets = (sight: Partial<TargetsSight['projects'][number]>, more = stack): Finding[] =>
  judgeTargets({ projects: [{ project: 4711, targets: [], broken: [], ...sight }], bounds: more }, place);
const rule = (partition: string, where: string): string =>
  `arn:${partition}:elasticloadbalancing:${where}:${account}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/production`;

describe('targets', () => {
  test('nothing', () => {
    expect(targets({ targets: [target(), swapTarget()] })).toEqual([]);
  });
  const swapped = (arn: string) => targets({ targets: [swapTarget({ production: { kind: 'rule', arn } })] });
  judged([
    [
      'a broken document',
      targets({ broken: [{ name: 'bad', problems: ['service: must be there'] }] }),
      'wrong',
      /4711\/bad cannot be used: service/,
      'targets apply',
    ],
    [
      'a service that the stack may not touch',
      targets({ targets: [target({ cluster: 'other' })] }),
      'wrong',
      /service\/other\/web, which this stack may not/,
      'mayTouchServices',
    ],
    [
      'deletion that the stack may not',
      targets({ targets: [swapTarget({ retire: 'delete' })] }, { ...stack, mayDelete: false }),
      'wrong',
      /right to delete/,
      'mayDeleteServices',
    ],
    [
      'an ARN of another partition',
      swapped(rule('aws', region)),
      'wrong',
      /names .*: it is in partition aws, and not in aws-us-gov/,
      'correct the ARN',
    ],
    [
      'an ARN of another region',
      swapped(rule('aws-us-gov', 'us-gov-east-1')),
      'wrong',
      /region us-gov-east-1, and not in us-gov-west-1/,
      'correct the ARN',
    ],
    [
      'a target group of another region',
      targets({ targets: [swapTarget({ targetGroups: [blueGroup, greenGroup.replace(region, 'us-gov-east-1')] })] }),
      'wrong',
      /targetgroup\/green.* cannot be behind its listener: it is in region us-gov-east-1/,
      'correct the ARN',
    ],
    [
      'a parameter of another partition',
      targets({}, { ...stack, services: [`arn:aws:ecs:${region}:${account}:service/prod/*`] }),
      'wrong',
      /parameter mayTouchServices names .*partition aws/,
      'serverless deploy',
    ],
  ]);
});

const project = (change: Partial<ProjectSight> = {}): Finding[] =>
  judgeProject(
    {
      ...{ project: 4711, targets: [target()], known: true },
      ...{ protectedBranches: ['main'], protectedTags: [], protectedEnvironments: [], variables: ['DATABASE_URL'] },
      imageTags: new Map(),
      ...change,
    },
    place,
  );

describe('a project', () => {
  test('nothing; patterns of GitLab count, and a target that lowered its guard is left in peace', () => {
    expect(project()).toEqual([]);
    expect(project({ targets: [tagTarget()], protectedTags: ['v*'] })).toEqual([]);
    expect(project({ protectedBranches: ['ma*'] })).toEqual([]);
    expect(project({ protectedBranches: [], targets: [target({ unprotectedRefs: true })] })).toEqual([]);
    expect(project({ targets: [imageTarget()], imageTags: new Map([['web', true]]) })).toEqual([]);
  });
  judged([
    ['out of sight', project({ known: false }), 'wrong', /no project 4711/, 'Reporter'],
    [
      'an unprotected branch',
      project({ protectedBranches: ['release'] }),
      'wrong',
      /branch or tag main is not protected/,
      'Settings → Repository',
    ],
    [
      'unprotected tags',
      project({ targets: [tagTarget()], protectedTags: ['v1.*'] }),
      'wrong',
      /tag v\* is not protected/,
      'unprotected_refs',
    ],
    [
      'image tags without a rule',
      project({ targets: [imageTarget()], imageTags: new Map([['web', false]]) }),
      'wrong',
      /tags of its images/,
      'Protected container tags',
    ],
    [
      'a protected environment',
      project({ targets: [jobTarget({ environment: 'production' })], protectedEnvironments: ['production'] }),
      'warning',
      /environment production is protected/,
      'on.job',
    ],
    [
      'keys in CI',
      project({ variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }),
      'warning',
      /still has AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY/,
      'delete-access-key',
    ],
  ]);
});

const containers = [{ name: 'app', image: 'x', portMappings: [{ containerPort: 8080 }] }];
const live = revision(7, { definition: { ...revision(7).definition, containerDefinitions: containers } });
const group = { arn: blueGroup, targetType: 'ip', healthCheckPort: 'traffic-port' };
const service = (change: Partial<ServiceSight> = {}): Finding[] =>
  judgeService(
    {
      ...{ target: target(), cluster: true, service: 'web', state: blueService(), revision: live, missingRoles: [] },
      ports: [{ targetGroup: blueGroup, container: 'app', port: 8080 }],
      groups: [group],
      scaling: { min: 2, max: 6, suspended: awake },
      deploying: false,
      ...change,
    },
    place,
  );

describe('a service', () => {
  test('nothing; nor what rests while a deployment of ours is under way', () => {
    expect(service()).toEqual([]);
    expect(service({ deploying: true, scaling: { min: 2, max: 6, suspended: { ...awake, scaleIn: true } } })).toEqual(
      [],
    );
    expect(service({ groups: [{ ...group, healthCheckPort: '8080' }] })).toEqual([]);
  });
  const other = { ...containers[0], portMappings: [{ containerPort: 80 }] };
  const unmapped = revision(7, { definition: { ...live.definition, containerDefinitions: [other] } });
  judged([
    ['no cluster', service({ cluster: false, state: undefined }), 'wrong', /no active cluster prod/, 'list-clusters'],
    ['no service', service({ state: undefined }), 'wrong', /no service prod\/web/, 'list-services --cluster prod'],
    [
      'min and max that cannot move',
      service({ state: blueService({ maximum: 100 }) }),
      'wrong',
      /CannotRoll/,
      'maximumPercent=200',
    ],
    ['nothing to run', service({ state: blueService({ desired: 0 }) }), 'wrong', /NothingToRun/, '--desired-count 1'],
    [
      'another controller',
      service({ state: blueService({ controller: 'CODE_DEPLOY' }) }),
      'wrong',
      /UnsupportedService/,
      'create-service',
    ],
    [
      'a container that is not there',
      service({ target: target({ containers: ['absent'] }) }),
      'wrong',
      /revision web:7 has no container absent, .*it has app/,
      'targets apply',
    ],
    [
      'a role that is gone',
      service({ missingRoles: ['arn:aws-us-gov:iam::123456789012:role/web-task'] }),
      'wrong',
      /role\/web-task, which is not there/,
      'create-role --role-name web-task',
    ],
    [
      'a port that is not mapped',
      service({ revision: unmapped }),
      'wrong',
      /port 8080 of container app/,
      'register-task-definition',
    ],
    ['a target group that is gone', service({ groups: [] }), 'wrong', /which is not there/, 'describe-target-groups'],
    [
      'a health check of a port that nobody has',
      service({ groups: [{ ...group, healthCheckPort: '9000' }] }),
      'wrong',
      /health of port 9000/,
      '--health-check-port traffic-port',
    ],
    [
      'a target group of instances',
      service({ groups: [{ ...group, targetType: 'instance' }] }),
      'wrong',
      /targets of type instance/,
      '--target-type ip',
    ],
    [
      'scaling left at rest',
      service({ scaling: { min: 2, max: 6, suspended: { ...awake, scaleIn: true, scheduled: true } } }),
      'warning',
      /scale-in, scheduled actions rests/,
      'register-scalable-target',
    ],
  ]);
});

const swap = (change: Partial<SwapSight> = {}): Finding[] =>
  judgeSwap(
    { target: swapTarget(blueGreen()), idle: { service: 'web-green', desired: 0 }, deploying: false, ...change },
    place,
  );

describe('colours', () => {
  test('nothing; nor tasks that are there for a swap', () => {
    expect(swap()).toEqual([]);
    expect(swap({ deploying: true, idle: { service: 'web-green', desired: 2 } })).toEqual([]);
  });
  const refused = (name: string) => swap({ refused: { name, because: 'so it is' } });
  judged([
    ['ambiguous traffic', refused('AmbiguousTraffic'), 'wrong', /4711\/web: AmbiguousTraffic: so it is/, 'modify-rule'],
    ['groups that do not match', refused('ColoursMismatch'), 'wrong', /ColoursMismatch/, 'create-target-group'],
    ['an alarm that is missing', refused('AlarmNotReady'), 'wrong', /AlarmNotReady/, 'describe-alarms'],
    ['scaling that idle lacks', refused('ScalingMissing'), 'wrong', /ScalingMissing/, 'put-scaling-policy'],
    [
      'idle with tasks',
      swap({ idle: { service: 'web-green', desired: 2 } }),
      'warning',
      /2 tasks/,
      '--service web-green --desired-count 0',
    ],
    [
      'idle that scaling keeps',
      swap({ idle: { service: 'web-green', desired: 0, scaling: { min: 2, max: 6, suspended: awake } } }),
      'warning',
      /at least 2 tasks/,
      '--min-capacity 0',
    ],
  ]);
});

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const images = (change: Partial<ImagesSight> = {}): Finding[] =>
  judgeImages(
    {
      target: target(),
      repository: 'acme/web',
      there: true,
      newest: { tag: 'v1', platforms: [amd64, arm64] },
      needed: amd64,
      ...change,
    },
    place,
  );

describe('images', () => {
  test('nothing; nor of a repository that the target makes', () => {
    expect(images()).toEqual([]);
    const { copy } = imageTarget();
    if (copy === undefined) throw new Error('the sample copies nothing');
    expect(images({ there: false, target: imageTarget({ copy: { ...copy, createRepository: true } }) })).toEqual([]);
  });
  judged([
    [
      'no repository',
      images({ there: false }),
      'wrong',
      /no ECR repository acme\/web/,
      'create-repository --repository-name acme/web',
    ],
    [
      'another platform',
      images({ newest: { tag: 'v1', platforms: [arm64] } }),
      'wrong',
      /v1 is for linux\/arm64, .* run on linux\/amd64/,
      '--platform linux/amd64',
    ],
  ]);
});

describe('endpoints', () => {
  const judge = (fips: boolean, partition: string, there: string): Finding[] =>
    judgeEndpoints({ fips, partition }, { stage: 'prod', region: there });
  test('nothing where they are what the partition has', () => {
    expect(judge(true, 'aws-us-gov', 'us-gov-west-1')).toEqual([]);
    expect(judge(false, 'aws', 'eu-central-1')).toEqual([]);
    expect(judge(true, 'aws', 'ca-central-1')).toEqual([]);
  });
  judged([
    ['GovCloud without', judge(false, 'aws-us-gov', 'us-gov-west-1'), 'warning', /do not ask the FIPS/, 'fips=true'],
    ['a region without any', judge(true, 'aws', 'eu-central-1'), 'wrong', /eu-central-1 has none/, 'fips=false'],
  ]);
});

const clock = (seconds: number): Finding[] =>
  judgeClocks([{ who: 'GitLab', theirs: new Date(at.getTime() + seconds * 1_000), here: at }]);

describe('clocks', () => {
  test('nothing', () => {
    expect(clock(30)).toEqual([]);
  });
  judged([
    ['ahead', clock(90), 'warning', /GitLab's clock is 90 s ahead/, 'timedatectl'],
    ['far behind', clock(-400), 'wrong', /400 s behind/, 'timedatectl'],
  ]);
});
