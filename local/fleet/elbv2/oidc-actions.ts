import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../operation.ts';

/**
 * OpenID Connect actions: a change must bring the client secret or say that the one that is there stays, and no read
 * ever tells it (ELBv2 API, AuthenticateOidcActionConfig). The actions of the list, each with its secret.
 */
export const withSecrets = (actions: Action[], known: Action[]): Action[] =>
  actions.map((action) => {
    const { AuthenticateOidcConfig: config } = action;
    if (action.Type !== 'authenticate-oidc' || config === undefined) return action;
    const existing = config.UseExistingClientSecret === true ? secretOf(known) : undefined;
    const ClientSecret = config.ClientSecret ?? existing;
    if (ClientSecret === undefined) {
      throw new AwsError(
        'ValidationError',
        'An authenticate-oidc action must specify ClientSecret, or UseExistingClientSecret when the rule has one already',
      );
    }
    const kept = { ...config, ClientSecret };
    delete kept.UseExistingClientSecret;
    return { ...action, AuthenticateOidcConfig: kept };
  });

const secretOf = (actions: Action[]): string | undefined =>
  actions.find(({ Type }) => Type === 'authenticate-oidc')?.AuthenticateOidcConfig?.ClientSecret;

/** The actions as they are told: without client secrets. */
export const shownActions = (actions: Action[]): Action[] =>
  actions.map((action) => {
    if (action.AuthenticateOidcConfig === undefined) return action;
    const shown = { ...action.AuthenticateOidcConfig };
    delete shown.ClientSecret;
    return { ...action, AuthenticateOidcConfig: shown };
  });
