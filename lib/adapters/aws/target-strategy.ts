import * as z from 'zod/mini';
import {
  atOnce,
  isTestUrl,
  longestSwap,
  presets,
  stepProblems,
  stepsOf,
  swapMinutes,
  type BlueGreen,
  type GreenTest,
  type TrafficPoint,
} from '../../domain/blue-green.ts';
import type { Strategy } from '../../domain/target.ts';

/** The part of a target's document that says how its service gets to run the image. */

// What is held against other fields aborts where it is wrong by itself: nothing is to be told twice.
const abort = true;

export const ecsName = z.string().check(z.regex(/^[a-zA-Z0-9_-]{1,255}$/, { abort }));
const weight = z.int().check(z.gte(1, { abort }), z.lte(100, { abort }));

/** By form only, any partition, region and account: what a stack may touch is for its bounds to say. */
const arnOf = (resource: string, what: string) =>
  z
    .string()
    .check(
      z.regex(
        new RegExp(`^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:${resource}$`),
        `must be the ARN of ${what}`,
      ),
    );
const ruleArn = arnOf('listener-rule/app(/[a-zA-Z0-9-]+){4}', 'a rule of an Application Load Balancer');
const listenerArn = arnOf('listener/app(/[a-zA-Z0-9-]+){3}', 'a listener of an Application Load Balancer');
const groupArn = arnOf('targetgroup(/[a-zA-Z0-9-]+){2}', 'a target group');

const minutes = z.int().check(z.gte(1, { abort }), z.lte(longestSwap, { abort }));
const timeout = z._default(minutes, 30);

const plan = z.pipe(
  z.transform((value: unknown) =>
    typeof value === 'string' && Object.hasOwn(presets, value) ? presets[value as keyof typeof presets] : value,
  ),
  z
    .array(
      z.strictObject({ weight, minutes: z.optional(minutes) }),
      `must be one of ${Object.keys(presets).join(', ')}, or a list of weights and minutes`,
    )
    .check(z.minLength(1)),
);

const alarmNames = z.array(z.string().check(z.minLength(1), z.maxLength(255))).check(
  z.maxLength(20),
  z.refine((names) => new Set(names).size === names.length, 'must name each only once'),
);

const blueGreen = z.strictObject({
  type: z.literal('blue-green'),
  timeout_minutes: timeout,
  listener_rule: z.optional(ruleArn),
  listener: z.optional(listenerArn),
  target_groups: z.tuple([groupArn, groupArn]).check(z.refine(([one, other]) => one !== other, 'must be two')),
  idle_service: z.optional(ecsName),
  steps: z._default(plan, [...atOnce]),
  bake_minutes: z._default(z.int().check(z.gte(0, { abort }), z.lte(longestSwap, { abort })), 5),
  alarms: z._default(alarmNames, []),
  test_url: z.optional(
    z.string().check(z.maxLength(1024), z.refine(isTestUrl, 'must be http or https, without credentials or fragment')),
  ),
  test_expect: z.optional(
    z.strictObject({
      status: z._default(z.int().check(z.gte(200), z.lte(599)), 200),
      text: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
    }),
  ),
  test_listener_rule: z.optional(ruleArn),
  retire: z._default(z.enum(['scale-to-zero', 'delete']), 'scale-to-zero'),
});
type BlueGreenFields = z.output<typeof blueGreen>;

export const strategy = z.discriminatedUnion(
  'type',
  [z.strictObject({ type: z.literal('rolling'), timeout_minutes: timeout }), blueGreen],
  'must be rolling or blue-green',
);
export type StrategyFields = z.output<typeof strategy>;

export interface StrategyProblem {
  /** within the strategy; empty: of the strategy as a whole */
  path: (string | number)[];
  why: string;
}

const problem = (wrong: boolean, path: string, why: string): StrategyProblem[] =>
  wrong ? [{ path: path === '' ? [] : [path], why }] : [];

const trafficProblems = ({ listener_rule: rule, listener }: BlueGreenFields): StrategyProblem[] => [
  ...problem(rule === undefined && listener === undefined, 'listener_rule', 'must be there, unless listener is'),
  ...problem(rule !== undefined && listener !== undefined, 'listener', 'is not for a strategy with a listener_rule'),
];

const testProblems = (fields: BlueGreenFields): StrategyProblem[] => {
  const { test_url: url, test_expect: expected, test_listener_rule: rule, listener_rule: production } = fields;
  const alone = 'is for a strategy with a test_url';
  return [
    ...problem(url === undefined && expected !== undefined, 'test_expect', alone),
    ...problem(url === undefined && rule !== undefined, 'test_listener_rule', alone),
    ...problem(rule !== undefined && rule === production, 'test_listener_rule', 'must differ from listener_rule'),
  ];
};

const idleServiceOf = (fields: BlueGreenFields, service: string): string => fields.idle_service ?? `${service}-green`;

/** What does not fit each other, each field already good by itself. */
export const strategyProblems = (fields: StrategyFields, service: string): StrategyProblem[] => {
  if (fields.type === 'rolling') return [];
  const idle = idleServiceOf(fields, service);
  const wrongSteps = stepProblems(fields.steps);
  const takes = swapMinutes(fields.timeout_minutes, stepsOf(fields.steps, fields.bake_minutes));
  return [
    ...trafficProblems(fields),
    ...problem(idle === service, 'idle_service', 'must differ from service'),
    ...problem(!ecsName.safeParse(idle).success, 'idle_service', "must be said: the service's name is too long for it"),
    ...wrongSteps.map(({ step, part, why }) => ({ path: ['steps', step, part], why })),
    ...testProblems(fields),
    ...problem(
      takes > longestSwap,
      '',
      `steps, bake_minutes and timeout_minutes must not be over ${longestSwap} together`,
    ),
  ];
};

const productionOf = ({ listener_rule: rule, listener = '' }: BlueGreenFields): TrafficPoint =>
  rule === undefined ? { kind: 'listener', arn: listener } : { kind: 'rule', arn: rule };

const testOf = (fields: BlueGreenFields): GreenTest | undefined => {
  if (fields.test_url === undefined) return undefined;
  const { test_expect: expected, test_listener_rule: rule } = fields;
  return {
    url: fields.test_url,
    status: expected?.status ?? 200,
    ...(expected?.text === undefined ? {} : { text: expected.text }),
    ...(rule === undefined ? {} : { rule }),
  };
};

const swapOf = (fields: BlueGreenFields, service: string): BlueGreen => {
  const test = testOf(fields);
  return {
    production: productionOf(fields),
    targetGroups: fields.target_groups,
    idleService: idleServiceOf(fields, service),
    steps: stepsOf(fields.steps, fields.bake_minutes),
    alarms: fields.alarms,
    ...(test === undefined ? {} : { test }),
    retire: fields.retire,
  };
};

/** `fields` without problems. */
export const strategyOf = (fields: StrategyFields, service: string): Strategy => {
  const { type, timeout_minutes: timeoutMinutes } = fields;
  return type === 'rolling' ? { type, timeoutMinutes } : { type, timeoutMinutes, swap: swapOf(fields, service) };
};
