import type { ColourSeeded } from '../colour-seeds.ts';
import type { Rule, TargetGroup } from '../elbv2/balancer.ts';
import { allRules, forwardsOf } from '../elbv2/balancer.ts';
import { findListener } from '../elbv2/find.ts';
import { setActions } from '../elbv2/rules.ts';
import type { ServiceSeed } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';

/** The rules that the target group of a colour belongs into: those of the service whose colour it is, the test rule last. */
export const rulesOfColours = (fleet: Fleet, { cluster, colourOf = '', path, ownListener }: ServiceSeed): Rule[] => {
  if (path !== undefined || ownListener === true) throw new Error(`A colour has the path and listener of ${colourOf}`);
  const other = fleet.clusters.get(cluster)?.services.get(colourOf);
  const rules = rulesWith(fleet, other?.revisionSettings.loadBalancers?.[0]?.targetGroupArn);
  if (rules.length === 0) throw new Error(`There is no service ${colourOf} with a rule in the cluster ${cluster}`);
  return rules;
};

const rulesWith = ({ balancer }: Fleet, groupArn: string | undefined): Rule[] =>
  allRules(balancer).filter(({ actions }) => forwardsOf(actions).some(({ arn }) => arn === groupArn));

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

/** What a seeded service is told of the rules that its first target group is in. */
export const coloursSeeded = (fleet: Fleet, door: { rule: Rule; group: TargetGroup } | undefined): ColourSeeded => {
  if (door === undefined) return { ruleArn: '', listenerArn: '', colourGroupArns: [] };
  const { rule, group } = door;
  const test = rulesWith(fleet, group.arn).find((other) => other !== rule);
  return {
    ruleArn: rule.arn,
    listenerArn: rule.listenerArn,
    colourGroupArns: forwardsOf(rule.actions).map(({ arn }) => arn),
    ...(test && { test: { ruleArn: test.arn, listenerArn: test.listenerArn, url: urlOf(fleet, test) } }),
  };
};

/** Where the rule's first path is met. */
export const urlOf = (fleet: Fleet, { listenerArn, conditions }: Rule): string => {
  const path = conditions[0]?.Values?.[0] ?? '/';
  return `${findListener(fleet, listenerArn).url}${path.replace(/\*$/, '')}`;
};
