/** Where production traffic is divided: by a listener rule, or by a listener's default action. */
export interface TrafficPoint {
  kind: 'rule' | 'listener';
  arn: string;
}

/** The listener rule of this ARN. */
export const rulePoint = (arn: string): TrafficPoint => ({ kind: 'rule', arn });

/** One step of a shift: green gets so much of the traffic (percent), and keeps it for so long before the next. */
export interface Step {
  weight: number;
  minutes: number;
}

/** How green is asked before users see it. */
export interface GreenTest {
  url: string;
  /** the HTTP status that must be answered */
  status: number;
  /** what the answer's body must contain */
  text?: string;
  /** ARN of the listener rule that leads to the URL's answerer; it is written to green before the question */
  rule?: string;
}

/** What becomes of the old colour's service once the new one has all traffic. */
export type Retirement = 'scale-to-zero' | 'delete';

/** How a target swaps colours. */
export interface BlueGreen {
  production: TrafficPoint;
  /** ARNs of the two target groups between which traffic is divided */
  targetGroups: readonly [string, string];
  /** name of the second service, in the cluster of the first */
  idleService: string;
  /** weights rise; the last is 100, and its minutes are the bake */
  steps: readonly Step[];
  /** names of CloudWatch alarms that end the swap when they go off */
  alarms: readonly string[];
  test?: GreenTest;
  retire: Retirement;
}

/** An ECS service and the target group that its tasks are in. */
export interface Colour {
  /** its name, in the target's cluster */
  service: string;
  /** ARN */
  targetGroup: string;
}

/** A step as ops write it. The last one has no minutes of its own: what follows it is the bake. */
export interface PlannedStep {
  weight: number;
  minutes?: number | undefined;
}

const linear = Array.from({ length: 9 }, (_, step) => ({ weight: 10 * (step + 1), minutes: 1 }));

/** Plans known by name. */
export const presets: Readonly<Record<'canary10' | 'linear10', readonly PlannedStep[]>> = {
  canary10: [{ weight: 10, minutes: 5 }, { weight: 100 }],
  linear10: [...linear, { weight: 100 }],
};

/** The plan without a word of ops': all traffic at once. */
export const atOnce: readonly PlannedStep[] = [{ weight: 100 }];

export interface StepProblem {
  /** from 0 */
  step: number;
  part: keyof PlannedStep;
  why: string;
}

/** What keeps a plan, each number of it good by itself, from being a shift of all traffic. */
export const stepProblems = (plan: readonly PlannedStep[]): StepProblem[] =>
  plan.flatMap(({ weight, minutes }, step) => {
    const last = step === plan.length - 1;
    const problem = (part: StepProblem['part'], why: string): StepProblem => ({ step, part, why });
    return [
      ...(weight > (plan[step - 1]?.weight ?? 0)
        ? []
        : [problem('weight', 'must be more than that of the step before')]),
      ...(last && weight !== 100 ? [problem('weight', 'must be 100 in the last step')] : []),
      ...(last && minutes !== undefined ? [problem('minutes', 'has no place in the last step: the bake follows')] : []),
      ...(!last && minutes === undefined ? [problem('minutes', 'must say how long the step lasts')] : []),
    ];
  });

export const stepsOf = (plan: readonly PlannedStep[], bakeMinutes: number): Step[] =>
  plan.map(({ weight, minutes }) => ({ weight, minutes: minutes ?? bakeMinutes }));

/** The most minutes that a swap may take in all; the workflow's own timeout is larger. */
export const longestSwap = 720;

/** Minutes that a swap takes at most: for green to become healthy, and all steps with their bake. */
export const swapMinutes = (timeoutMinutes: number, steps: readonly Step[]): number =>
  steps.reduce((sum, { minutes }) => sum + minutes, timeoutMinutes);

/** http too: load balancers inside a VPC often speak nothing else. No credentials: whoever reads targets would read them. */
export const isTestUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return /^https?:\/\/[^\s#]+$/.test(text) && url?.username === '' && url.password === '';
};
