import type {
  Action,
  CreateRuleInput,
  DeleteRuleInput,
  DescribeRulesInput,
  ModifyRuleInput,
  Rule as RuleShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { Rule } from './balancer.ts';
import { findListener, findRule } from './find.ts';
import { shownActions } from './oidc-actions.ts';
import { checkedActions, checkedConditions } from './rule-parts.ts';
import { reviewUse } from './target-health.ts';

export const describeRules =
  (fleet: Fleet): Operation =>
  (input) => {
    const { ListenerArn, RuleArns, Marker, PageSize } = input as DescribeRulesInput;
    if ((ListenerArn === undefined) === (RuleArns === undefined)) {
      throw new AwsError('ValidationError', 'You must specify either listener rule ARNs or a listener ARN');
    }
    const rules = RuleArns?.map((arn) => findRule(fleet, arn)) ?? [...findListener(fleet, ListenerArn).rules.values()];
    const page = pageOf(rules.sort(byPriority), {
      nextToken: Marker,
      maxResults: PageSize ?? 400,
      badTokenCode: 'ValidationError',
    });
    return { Rules: page.items.map(describedRule), NextMarker: page.nextToken };
  };

const describedRule = ({ arn, priority, conditions, actions }: Rule): RuleShape => ({
  RuleArn: arn,
  Priority: String(priority),
  Conditions: conditions,
  Actions: shownActions(actions),
  IsDefault: priority === 'default',
});

/** The order in which a listener tries its rules; the default one comes last. */
export const byPriority = (a: Rule, b: Rule): number => placeOf(a) - placeOf(b);

const placeOf = ({ priority }: Rule): number => (priority === 'default' ? Number.MAX_SAFE_INTEGER : priority);

export const createRule =
  (fleet: Fleet): Operation =>
  (input) => ({ Rules: [describedRule(addRule(fleet, input as unknown as CreateRuleInput))] });

export const addRule = (
  fleet: Fleet,
  { ListenerArn, Priority = 1, Conditions = [], Actions = [] }: CreateRuleInput,
): Rule => {
  const listener = findListener(fleet, ListenerArn);
  if ([...listener.rules.values()].some(({ priority }) => priority === Priority)) {
    throw new AwsError('PriorityInUse', `Priority '${Priority}' is currently in use`);
  }
  const rule: Rule = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${fleet.names.hex(16)}`,
    listenerArn: listener.arn,
    priority: Priority,
    conditions: checkedConditions(Conditions),
    actions: checkedActions(fleet, Actions),
  };
  listener.rules.set(rule.arn, rule);
  rulesChanged(fleet);
  return rule;
};

/** Lists are replaced whole; what is not given stays. The default rule belongs to ModifyListener. */
export const modifyRule =
  (fleet: Fleet): Operation =>
  (input) => {
    const { RuleArn, Conditions, Actions } = input as unknown as ModifyRuleInput;
    const rule = findRule(fleet, RuleArn);
    if (rule.priority === 'default') {
      throw new AwsError('OperationNotPermitted', `Default rule '${rule.arn}' cannot be modified`);
    }
    const conditions = Conditions === undefined ? rule.conditions : checkedConditions(Conditions);
    setActions(fleet, rule, Actions ?? rule.actions);
    rule.conditions = conditions;
    rulesChanged(fleet);
    return { Rules: [describedRule(rule)] };
  };

export const deleteRule =
  (fleet: Fleet): Operation =>
  (input) => {
    const { RuleArn } = input as unknown as DeleteRuleInput;
    const rule = findRule(fleet, RuleArn);
    if (rule.priority === 'default') {
      throw new AwsError('OperationNotPermitted', `Default rule '${rule.arn}' cannot be deleted`);
    }
    findListener(fleet, rule.listenerArn).rules.delete(rule.arn);
    rulesChanged(fleet);
    return {};
  };

/** Gives the rule these actions instead of its own. */
export const setActions = (fleet: Fleet, rule: Rule, actions: Action[]): void => {
  rule.actions = checkedActions(fleet, actions, rule.actions);
  rulesChanged(fleet);
};

/** To be called after each change of rules: targets are checked where they are used now, and nodes hear of it. */
export const rulesChanged = (fleet: Fleet): void => {
  reviewUse(fleet);
  fleet.routingChanged();
};
