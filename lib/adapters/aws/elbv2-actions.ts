import type { Action as ElbAction } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action } from '../../domain/traffic.ts';

/**
 * A described action as it can be written back. Describe shows no OIDC client secret: a write says that it stays
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html).
 * Describe names the one group of a forward action twice, and a write may name it once.
 */
const writable = (described: Action): ElbAction => {
  const { TargetGroupArn, ...action } = described as unknown as ElbAction;
  if (action.AuthenticateOidcConfig !== undefined)
    return { ...action, AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true } };
  const isNamedOnce = TargetGroupArn === undefined || (action.ForwardConfig?.TargetGroups ?? []).length > 0;
  return isNamedOnce ? action : { ...action, TargetGroupArn };
};

export const writableActions = (actions: readonly Action[]): ElbAction[] => actions.map(writable);
