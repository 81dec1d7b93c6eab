import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { secretsManagerHookSecrets } from '../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { gitlabTokens } from '../../lib/adapters/gitlab/gitlab-tokens.ts';
import { projectHooks } from '../../lib/adapters/gitlab/project-hooks.ts';
import type { DoctorPorts } from '../doctor-ports.ts';
import { restSettings } from '../gitlab/rest-settings.ts';
import type { ExaminedStage } from './examined-stage.ts';
import { planAdapters } from './plan-adapters.ts';
import { sdkInventory } from './sdk-inventory.ts';
import { secretSights } from './secret-sights.ts';

/** What the doctor asks, with the operator's own login. */
export const doctorAdapters = (aws: { region?: string }, examined: ExaminedStage): DoctorPorts => {
  const { stack, secrets, credentials, manager, local } = examined;
  const clients = {
    ecs: new ECSClient(aws),
    ecr: new ECRClient(aws),
    elb: new ElasticLoadBalancingV2Client(aws),
    iam: new IAMClient(aws),
  };
  return {
    ...planAdapters(aws, examined),
    ...{ credentials, manager },
    names: { gitlab: stack.gitlabSecret, manager: stack.managerSecret },
    fips: stack.fips,
    secrets: () => secretSights(examined),
    signed: () =>
      secretsManagerHookSecrets(secrets, stack.hookSecret)
        .hookSecrets()
        .then(
          ([current]) => current?.webhookSigningToken !== undefined,
          () => undefined,
        ),
    tokens: gitlabTokens(manager),
    settings: restSettings(manager),
    hooks: projectHooks(manager),
    hookUrl: stack.hookUrl,
    inventory: sdkInventory(clients),
    realTime: !local,
  };
};
