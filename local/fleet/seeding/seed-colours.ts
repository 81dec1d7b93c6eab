import type { Rule, TargetGroup } from '../elbv2/balancer.ts';
import { forwardsOf } from '../elbv2/balancer.ts';
import { setActions } from '../elbv2/rules.ts';
import type { ServiceSeed } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';

/** The rule that the service's first target group belongs into: that of the service whose colour it is. */
export const ruleOfColours = ({ clusters, balancer }: Fleet, { cluster, colourOf = '', path }: ServiceSeed): Rule => {
  if (path !== undefined) throw new Error(`The path of a colour is that of ${colourOf}`);
  const other = clusters.get(cluster)?.services.get(colourOf);
  const group = other?.revisionSettings.loadBalancers?.[0]?.targetGroupArn;
  const rule = [...balancer.listener.rules.values()].find(({ actions }) =>
    forwardsOf(actions).some(({ arn }) => arn === group),
  );
  if (rule === undefined) throw new Error(`There is no service ${colourOf} with a rule in the cluster ${cluster}`);
  return rule;
};

/** Adds the target group to those that the rule forwards to. */
export const joinRule = (fleet: Fleet, rule: Rule, { arn, weight }: { arn: string; weight: number }): void => {
  const actions = rule.actions.map((action) =>
    action.Type !== 'forward'
      ? action
      : {
          ...action,
          TargetGroupArn: undefined,
          ForwardConfig: {
            ...action.ForwardConfig,
            TargetGroups: [...(action.ForwardConfig?.TargetGroups ?? []), { TargetGroupArn: arn, Weight: weight }],
          },
        },
  );
  setActions(fleet, rule, actions);
};

/** The path that leads to the rule. */
export const pathTo = ({ conditions }: Rule): string => (conditions[0]?.Values?.[0] ?? '/').replace(/\/\*$/, '') || '/';

export const colourGroups = ({ actions }: Rule): TargetGroup['arn'][] => forwardsOf(actions).map(({ arn }) => arn);
