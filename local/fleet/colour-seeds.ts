/** How a seeded service shares its traffic with another one: two colours of one application. */

export interface ColourSeed {
  /** a service of the same cluster: the first target group joins that one's rule, instead of having a rule of its own */
  colourOf?: string;
  /** of the first target group in its rule, 0 to 999; default 1, of a colour of another service 0 */
  weight?: number;
  /** an empty target group joins the rule at weight 0, for the service that is yet to be created */
  spareTargetGroup?: boolean;
  /** instead of a rule on the load balancer's first listener, a listener of its own whose default action forwards to it */
  ownListener?: boolean;
  /** a further listener with a rule that forwards as the service's own does, to ask a colour before users do */
  testListener?: boolean;
}

/** All of it is empty for a service that is in no target group. */
export interface ColourSeeded {
  /** the rule that the first target group is in */
  ruleArn: string;
  /** the listener of that rule */
  listenerArn: string;
  /** the target groups that the rule divides traffic between, in its order */
  colourGroupArns: string[];
  /** the rule of a test listener that these target groups are also in; its URL leads to the same path */
  test?: { ruleArn: string; listenerArn: string; url: string };
}
