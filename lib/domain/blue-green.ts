/** Where production traffic is divided: by a listener rule, or by a listener's default action. */
export interface TrafficPoint {
  kind: 'rule' | 'listener';
  arn: string;
}

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
