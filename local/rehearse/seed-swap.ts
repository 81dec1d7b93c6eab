import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { clientOptionsOf } from '../aws.ts';
import { shortSha } from '../ci/run-build-job.ts';
import type { ServiceSeed } from '../fleet/seeds.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { seedNames } from '../seed-names.ts';
import type { SeededTarget } from '../seeded-platform.ts';

/** A service that is swapped by colours, beside the guide's own: to be played with by hand. */

const project = 4712;
const path = 'ml-platform/web';
const ref = 'main';
const name = 'web-swap';
const repository = 'govcloud-ml-platform-web';
const [blue, green, container] = ['govcloud-ml-platform-web', 'govcloud-ml-platform-web-green', 'web'];
const { cluster } = seedNames;

/** Judged by a minute, so that steps of two may be watched by it. */
const alarm = { AlarmName: 'web-errors', Namespace: 'Web', MetricName: 'Errors', Statistic: 'Sum' } as const;
const judged = { Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' } as const;

const createProject = async ({ gitlab, hookUrl, hookHeaders, webhookToken }: Rehearsal): Promise<string> => {
  await gitlab.control.createProject({ id: project, path, defaultBranch: ref });
  const { sha } = await gitlab.control.push({ project, ref });
  const hook = { project, url: hookUrl, headers: hookHeaders, token: webhookToken };
  await gitlab.control.installHook({ ...hook, pipelineEvents: true, jobEvents: true });
  return sha;
};

/** Blue with the traffic, and green as a swap before would have left it. */
const putColours = ({ world }: Rehearsal, image: string) => {
  const service: ServiceSeed = {
    ...{ cluster, service: blue, family: blue, containers: [{ name: container, image }], desiredCount: 2 },
    circuitBreaker: { enable: true, rollback: true },
    scaling: { min: 2, max: 6, policies: [{ name: 'cpu', tracks: 'cpu' }] },
  };
  const seeded = world.putService({ ...service, testListener: true });
  const suspended = { scaleIn: true, scaleOut: true, scheduled: true };
  const scaling = { ...service.scaling, min: 0, max: 6, suspended };
  const { colourGroupArns } = world.putService({
    ...service,
    ...{ service: green, desiredCount: 0, colourOf: blue, scaling },
  });
  return { ...seeded, colourGroupArns };
};

/** Puts it into a started rehearsal: a project, two colours behind one rule, a test URL, an alarm, and the target. */
export const seedSwap = async (rehearsal: Rehearsal): Promise<SeededTarget> => {
  const { aws, world } = rehearsal;
  const tag = shortSha(await createProject(rehearsal));
  world.putImage({ repository, tag, behaviour: { does: 'become healthy', after: 10 } });
  const image = `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${repository}:${tag}`;
  const seeded = putColours(rehearsal, image);
  const { url, targetGroupArn, taskDefinitionArn, ruleArn, colourGroupArns, test } = seeded;
  await new CloudWatchClient(clientOptionsOf(aws)).send(new PutMetricAlarmCommand({ ...alarm, ...judged }));
  const tested = { test_url: test?.url, test_expect: { text: '"service"' }, test_listener_rule: test?.ruleArn };
  const steps = [{ weight: 10, minutes: 5 }, { weight: 50, minutes: 5 }, { weight: 100 }];
  const swap = { listener_rule: ruleArn, target_groups: colourGroupArns, steps, bake_minutes: 5, ...tested };
  await rehearsal.putTarget(project, name, {
    on: { pipeline: { ref } },
    image: `${rehearsal.gitlab.registryHost}/${path}:{short_sha}`,
    ecr_repository: repository,
    ...{ cluster, service: blue, containers: [container] },
    strategy: { type: 'blue-green', timeout_minutes: 30, alarms: [alarm.AlarmName], ...swap },
  });
  return {
    ...{ project, name, ref, cluster, service: blue, container, gitlabRepository: path, repository },
    ...{ url, targetGroupArn, taskDefinitionArn },
    colours: {
      idleService: green,
      targetGroupArns: colourGroupArns,
      ruleArn,
      testUrl: test?.url ?? '',
      testRuleArn: test?.ruleArn ?? '',
      alarm: alarm.AlarmName,
    },
  };
};
