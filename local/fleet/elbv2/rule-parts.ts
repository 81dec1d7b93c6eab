import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { forwardsOf } from './balancer.ts';
import { findTargetGroup } from './find.ts';
import { withSecrets } from './oidc-actions.ts';

const MOST_TARGET_GROUPS = 5;
const MOST_WEIGHT = 999;
const ROUTING = ['forward', 'redirect', 'fixed-response'];

/** The actions as AWS keeps and returns them, or the error it answers: the last one routes, its groups exist, weights are 0–999. `known` are those that they replace. */
export const checkedActions = (fleet: Fleet, actions: Action[], known: Action[] = []): Action[] => {
  if (actions.filter(({ Type }) => ROUTING.includes(Type ?? '')).length !== 1) {
    throw new AwsError(
      'ValidationError',
      'An action list must contain exactly one forward, redirect or fixed-response action',
    );
  }
  const forwards = forwardsOf(actions);
  for (const { arn, weight } of forwards) {
    findTargetGroup(fleet, arn);
    if (weight < 0 || weight > MOST_WEIGHT) {
      throw new AwsError('ValidationError', `Target group weight must be between 0 and ${MOST_WEIGHT}`);
    }
  }
  if (forwards.length > MOST_TARGET_GROUPS) {
    throw new AwsError('TooManyTargetGroups', `A forward action can name at most ${MOST_TARGET_GROUPS} target groups`);
  }
  if (new Set(forwards.map(({ arn }) => arn)).size !== forwards.length) {
    throw new AwsError('ValidationError', 'A target group can be named only once in a forward action');
  }
  checkStickiness(actions);
  return withSecrets(actions, known).map((action, index) => complete(action, index + 1));
};

/** In seconds, up to seven days (ELBv2 API, TargetGroupStickinessConfig). */
const LONGEST_STICKINESS = 604_800;

const checkStickiness = (actions: Action[]): void => {
  for (const { ForwardConfig } of actions) {
    const { Enabled, DurationSeconds = 0 } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
    if (Enabled === true && (DurationSeconds < 1 || DurationSeconds > LONGEST_STICKINESS)) {
      throw new AwsError('ValidationError', `Stickiness duration must be between 1 and ${LONGEST_STICKINESS} seconds`);
    }
  }
};

/** AWS fills in the order, the weights and, for a single group, both ways to name it. */
const complete = (action: Action, place: number): Action => {
  const Order = action.Order ?? place;
  if (action.Type !== 'forward') return { ...action, Order };
  const groups = forwardsOf([action]).map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
  const [only] = groups.length === 1 ? groups : [];
  return {
    Type: 'forward',
    Order,
    TargetGroupArn: only?.TargetGroupArn,
    ForwardConfig: {
      TargetGroups: groups,
      TargetGroupStickinessConfig: action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false },
    },
  };
};

/** The conditions as AWS returns them. This load balancer routes by path only and refuses the others, to route nothing wrongly. */
export const checkedConditions = (conditions: RuleCondition[]): RuleCondition[] =>
  conditions.map((condition) => {
    if (condition.Field !== 'path-pattern') {
      throw new AwsError(
        'ValidationError',
        `Condition field '${condition.Field ?? ''}' is not played here: only path-pattern is`,
      );
    }
    const values = condition.PathPatternConfig?.Values ?? condition.Values ?? [];
    if (values.length === 0) throw new AwsError('ValidationError', 'A condition value must be specified');
    return { Field: 'path-pattern', Values: values, PathPatternConfig: { Values: values } };
  });
