import type { SeededTarget } from '../seeded-platform.ts';
import type { ReadyWorld } from './ready-world.ts';

const json = (value: object): string => JSON.stringify(value);

const addresses = (world: ReadyWorld): string => `The world is ready.

  hook           ${world.hookUrl}
${Object.entries(world.hookHeaders)
  .map(([name, value]) => `                 needs the header ${name}: ${value}`)
  .join('\n')}
                 and GitLab's X-Gitlab-Token: ${world.webhookToken}
  registry hook  ${world.registryHookUrl}
                 needs the same header and Authorization: Bearer ${world.registryToken}
  GitLab         ${world.gitlabUrl}  (API token ${world.gitlabToken})
  its registry   ${world.registryHost}  (any user name, the API token as password)
  load balancer  ${world.loadBalancerUrl}
  ECS, ECR, ELB  ${world.fleetUrl}
  other of AWS   ${world.awsEndpointUrl}`;

const shipping = ({ gitlabUrl, fleetUrl }: ReadyWorld, target: SeededTarget): string => {
  const { project, ref, gitlabRepository, repository, url } = target;
  const behaviour = { does: 'become healthy', after: 10 };
  const image = json({ repository: gitlabRepository, tag: '$TAG', layers: [{ size: 30_000_000 }], behaviour });
  return `${target.service}: a commit whose image is healthy 10 s (of the world) after its start: pushed, its image in GitLab's registry, its pipeline run,
GitLab's hook sent

  SHA=$(curl -s -d '${json({ project, ref })}' ${gitlabUrl}/_gitlab/push | grep -o '[0-9a-f]\\{40\\}'); TAG=$(printf %.8s "$SHA")
  curl -s -d "${image.replaceAll('"', '\\"')}" ${gitlabUrl}/_gitlab/pushImage
  curl -s -d '${json({ project, ref, jobs: [{ name: 'build' }] })}' ${gitlabUrl}/_gitlab/runPipeline

  others: {"does":"never become healthy"}, {"does":"exit","code":1,"after":5}, {"does":"fail to pull"}: local/fleet/seeds.ts

What came of it

  curl -s ${url}
  curl -s -d '${json({ project })}' ${gitlabUrl}/_gitlab/deliveries
  curl -s -d '${json({ repository })}' ${fleetUrl}/_fleet/ecr-view
  curl -s -d '${json({ cluster: target.cluster, service: target.service })}' ${fleetUrl}/_fleet/view
  curl -s -d '{}' ${fleetUrl}/_fleet/calls`;
};

/** What there is to see and to do while colours are swapped. */
const swapping = ({ fleetUrl }: ReadyWorld, target: SeededTarget): string[] => {
  const { colours, cluster, service } = target;
  if (colours === undefined) return [];
  const { ruleArn, targetGroupArns, idleService, testUrl, alarm } = colours;
  const at = (weights: number[]) =>
    targetGroupArns.map((arn, index) => ({ TargetGroupArn: arn, Weight: weights[index] }));
  const divided = [{ Type: 'forward', ForwardConfig: { TargetGroups: at([50, 50]) } }];
  const elb = (operation: string, input: object) => json({ service: 'elbv2', operation, input });
  const views = [service, idleService].map(
    (name) => `  curl -s -d '${json({ cluster, service: name })}' ${fleetUrl}/_fleet/view`,
  );
  return [
    `${service} and ${idleService} are two colours: what is shipped as above goes to the one without traffic, which then gets
10 %, 50 % and all of it. Weights, both services, answers by service, and what the test URL says

  curl -s -d '${elb('DescribeRules', { RuleArns: [ruleArn] })}' ${fleetUrl}/_fleet/call
${views.join('\n')}
  curl -s -d '{}' ${fleetUrl}/_fleet/traffic
  curl -s ${testUrl}

The alarm goes off, and is quiet again (with AWS's CLI, see below); somebody else divides traffic by hand: either ends a swap

  aws cloudwatch set-alarm-state --alarm-name ${alarm} --state-value ALARM --state-reason tried
  aws cloudwatch set-alarm-state --alarm-name ${alarm} --state-value OK --state-reason tried
  curl -s -d '${elb('ModifyRule', { RuleArn: ruleArn, Actions: divided })}' ${fleetUrl}/_fleet/call`,
  ];
};

const faults = ({ gitlabUrl, fleetUrl }: ReadyWorld): string => {
  const lost = json({ operation: 'UpdateService', fault: { kind: 'answer lost' } });
  const down = json({
    route: 'GET /projects/*/pipelines/*',
    times: 3,
    fault: { kind: 'error', status: 500 },
  });
  return `Faults: the answer to the next UpdateService gets lost; GitLab's API fails three times; none any more

  curl -s -d '${lost}' ${fleetUrl}/_fleet/faults
  curl -s -d '${down}' ${gitlabUrl}/_gitlab/setFault
  curl -s -d '{}' ${fleetUrl}/_fleet/clear-faults; curl -s -d '{}' ${gitlabUrl}/_gitlab/clearFaults

  more: curl ${fleetUrl}/_fleet; GitLab's verbs are in local/gitlab/control-inputs.ts`;
};

const hook = ({ hookUrl, hookHeaders, webhookToken }: ReadyWorld): string => {
  const headers = { ...hookHeaders, 'Content-Type': 'application/json', 'X-Gitlab-Event': 'Pipeline Hook' };
  const given = Object.entries({ ...headers, 'X-Gitlab-Token': webhookToken });
  return `A hook by hand; GitLab will be asked, and knows nothing of it

  curl -i ${given.map(([name, value]) => `-H '${name}: ${value}'`).join(' ')} -d @events/pipeline-success.json ${hookUrl}`;
};

const environment = (env: Record<string, string>): string => {
  const lines = Object.entries(env).map(([name, value]) => `  export ${name}=${value}`);
  return `For AWS's CLI and SDKs\n\n${lines.join('\n')}`;
};

/** What people do with the world, to copy and paste. `env` is what AWS's tools need to find it. */
export const instructions = (world: ReadyWorld, env: Record<string, string>): string =>
  [
    addresses(world),
    ...world.targets.flatMap((target) => [shipping(world, target), ...swapping(world, target)]),
    faults(world),
    hook(world),
    environment(env),
    'Ctrl-C ends it.',
  ].join('\n\n');
