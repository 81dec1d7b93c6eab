import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundParameters, stage } from '../../local/deploy.ts';
import type { Permission } from '../../local/fleet/operation.ts';
import { recordedAt } from '../../local/recorder/recorder.ts';
import { deployed, fleet } from '../support/deployed.ts';
import { packageStack, resourcesOf } from '../support/packaged-stack.ts';
import { allExecutions } from './executions.ts';
import { refusedBy, type PolicyStatement } from './iam-policy.ts';
import { policiesOf, workflowRole } from './production-policies.ts';

/** Every AWS call of the level held against the policies that ops deploy, and every allowance against the calls. */

interface Asked {
  caller: string;
  permission: Permission;
}

/** The local AWS knows one partition only, and this stage has its own names; policies are compared as `prod`'s, there. */
const inProduction = (arn: string): string =>
  arn.replace(/^arn:aws[^:]*:/, 'arn:aws:').replace(new RegExp(`\\bdrawbridge([-/])${stage}\\b`), 'drawbridge$1prod');

/** What the rehearsal itself asks on behalf of other people; and ops, who run `drawbridge` with rights of their own. */
const notOurs = new Set(['a-colleague', 'somebody-else', 'drawbridge-cli']);

let policies: Map<string, PolicyStatement[]>;
let asked: Asked[];

const invocations = async (): Promise<Asked[]> => {
  const events = (await allExecutions()).flatMap(({ history }) => history);
  // AWS tells a Lambda's ARN in events of another type, LambdaFunctionScheduled.
  const invoked = events.flatMap(({ taskScheduledEventDetails: details }) => details?.resource ?? []);
  return [...new Set(invoked)].map((resource) => ({
    caller: workflowRole,
    permission: { action: 'lambda:InvokeFunction', resources: [resource], conditions: {} },
  }));
};

const asOnes = (calls: { caller: string; permissions: Permission[] }[]): Asked[] =>
  calls.flatMap(({ caller, permissions }) => permissions.map((permission) => ({ caller, permission })));

const translated = ({ caller, permission }: Asked): Asked => {
  const conditions = Object.entries(permission.conditions).map(([key, value]) => [key, inProduction(value)] as const);
  const resources = permission.resources.map(inProduction);
  return { caller, permission: { ...permission, resources, conditions: Object.fromEntries(conditions) } };
};

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-policies-'));
  try {
    const { region, account } = deployed;
    const args = ['--stage', 'prod', '--region', region, ...boundParameters(deployed)];
    const resources = resourcesOf(await packageStack(join(folder, 'prod'), args));
    policies = policiesOf(resources, { partition: 'aws', region, account });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const all = [...asOnes(await recordedAt(deployed.recorderUrl)), ...asOnes(await fleet.calls())];
  const ours = all.filter(({ caller }) => !notOurs.has(caller));
  asked = [...ours, ...(await invocations())].map(translated);
}, 120_000);

test('every recorded AWS call is allowed by the policy of the function that made it', () => {
  expect(asked.length).toBeGreaterThan(0);
  const refused = asked.flatMap(({ caller, permission }) => {
    const { action, conditions } = permission;
    const because = JSON.stringify(conditions);
    return refusedBy(policies.get(caller) ?? [], permission).map(
      (resource) => `${caller || 'an unnamed caller'}: ${action} on ${resource} ${because}`,
    );
  });
  expect([...new Set(refused)].sort()).toEqual([]);
});

/** Allowances that no function of ours uses: AWS's services do, in the name of the role, and not here. */
const usedByAws: readonly string[] = [
  // Lambda writes a function's log by the function's role.
  ...['CreateLogStream', 'PutLogEvents'].map((name) => `each: logs:${name}`),
  // Lambda takes a queue's messages by the function's role.
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => `tell-gitlab: sqs:${name}`),
  // Step Functions sets up the delivery of the workflow's log; the local one writes none.
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
].map((name) => (name.includes(': ') ? name : `${workflowRole}: logs:${name}`));

/** RotateSecret asks its caller for the right to invoke the rotation's function too, and does not name it. */
const askedByRotateSecret = `tend-credentials: lambda:InvokeFunction arn:aws:lambda:${deployed.region}:${deployed.account}:function:drawbridge-prod-rotate-secret`;

const allowances = (): string[] =>
  [...policies].flatMap(([caller, policy]) =>
    policy.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => {
        // The workflow's one allowance names each function for itself.
        const resources = action === 'lambda:InvokeFunction' ? [Resource].flat() : [''];
        return resources.map((resource) => `${caller}: ${action} ${resource}`.trim());
      }),
    ),
  );

const uses = (): Set<string> =>
  new Set(
    asked.flatMap(({ caller, permission: { action, resources } }) => [
      `${caller}: ${action}`,
      ...resources.map((resource) => `${caller}: ${action} ${resource}`),
    ]),
  );

// Of some tests alone it cannot be asked; tests/run.ts then says so.
if (deployed.complete)
  test('every allowance of every policy is used by a recorded call', () => {
    const used = uses();
    const unused = allowances().filter((allowance) => !used.has(allowance));
    const known = (allowance: string) =>
      allowance === askedByRotateSecret ||
      usedByAws.includes(allowance) ||
      usedByAws.includes(allowance.replace(/^[^:]+/, 'each'));
    expect([...new Set(unused)].filter((allowance) => !known(allowance)).sort()).toEqual([]);
    // A line above that is not needed any more goes.
    const each = unused.map((allowance) => allowance.replace(/^[^:]+/, 'each'));
    expect(usedByAws.filter((line) => !unused.includes(line) && !each.includes(line))).toEqual([]);
  });
