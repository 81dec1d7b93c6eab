import type { DoctorPorts } from '../../../../cli/doctor-ports.ts';
import type { SeenToken } from '../../../../cli/gitlab-settings.ts';
import type { SeenRepository } from '../../../../cli/inventory.ts';
import { serviceLabel } from '../../../../lib/domain/deployment.ts';
import type { Target } from '../../../../lib/domain/target.ts';
import { memoryAlarms } from '../../../support/memory-alarms.ts';
import { memoryFleet } from '../../../support/memory-fleet.ts';
import { memoryImageStore } from '../../../support/memory-image-store.ts';
import { memoryJournal } from '../../../support/memory-journal.ts';
import {
  memoryGitlab,
  memoryImages,
  memoryTargets,
  memoryWorkflows,
  stoppedClock,
} from '../../../support/memory-ports.ts';
import { memoryProjectHooks } from '../../../support/memory-project-hooks.ts';
import { memoryRegistry } from '../../../support/memory-registry.ts';
import { memoryScaling } from '../../../support/memory-scaling.ts';
import { memoryServiceCopies } from '../../../support/memory-service-copies.ts';
import { memoryTraffic } from '../../../support/memory-traffic.ts';
import {
  blueService,
  bounds,
  finishedAt,
  greenName,
  greenService,
  project,
  revision,
  revisionArn,
  serviceName,
} from '../../../support/samples.ts';

export const hookUrl = 'https://abc.execute-api.us-gov-west-1.amazonaws.com/webhooks/pipeline';

const secret = { filled: true, rotationEnabled: true };

/** A stage in which all is well, whose parts tests may change. Both colours are there, blue with all users. */
export const memoryDoctorPorts = (...targets: Target[]) => {
  const fleet = memoryFleet();
  fleet.services.set(serviceLabel(serviceName), blueService());
  fleet.services.set(serviceLabel(greenName), greenService());
  fleet.revisions.set(revisionArn(6), revision(6));
  const parts = {
    fleet,
    gitlab: memoryGitlab(),
    traffic: memoryTraffic(fleet.writes),
    scaling: memoryScaling(fleet.writes),
    alarms: memoryAlarms(),
    journal: memoryJournal(),
    hooks: memoryProjectHooks(project),
  };
  parts.hooks.add(project, { url: hookUrl, token: 't', signingToken: 'whsec_s' });
  const at = new Date(finishedAt);
  const seen = {
    tokens: new Map<string, SeenToken>([
      ['gitlab', { scopes: ['read_api', 'read_registry'], at }],
      ['manager', { scopes: ['api'], at }],
    ]),
    variables: [] as string[],
    repository: { there: true } as SeenRepository,
    clusters: [serviceName.cluster],
    aws: at,
  };
  const names = (given: string[]) => () => Promise.resolve(given);
  const ports: DoctorPorts = {
    ...parts,
    ...{ registry: memoryRegistry(), store: memoryImageStore(), images: memoryImages({}), bounds, hookUrl },
    copies: memoryServiceCopies(fleet),
    workflows: memoryWorkflows(),
    targets: memoryTargets(...targets),
    clock: stoppedClock(),
    names: { gitlab: 'gitlab', manager: 'manager' },
    fips: true,
    secrets: () =>
      Promise.resolve({
        hook: { name: 'hook', ...secret },
        gitlab: { name: 'gitlab', ...secret },
        manager: { name: 'manager', ...secret },
        rotatesItself: false,
      }),
    signed: () => Promise.resolve(true),
    credentials: () => {
      const registry = { host: 'registry.example.com', username: 'u', password: 'gitlab' };
      return Promise.resolve({ url: 'https://gitlab.example.com', token: 'gitlab', registry });
    },
    manager: () => Promise.resolve({ url: 'https://gitlab.example.com', token: 'manager', manager: true }),
    tokens: { sees: (_token, of) => Promise.resolve(of === project), logsIn: () => Promise.resolve(true) },
    settings: {
      token: (value) => Promise.resolve(seen.tokens.get(value)),
      variables: () => Promise.resolve(seen.variables),
      protectedEnvironments: names([]),
      protectedBranches: names(['main']),
      protectedTags: names([]),
    },
    inventory: {
      cluster: (name) => Promise.resolve(seen.clusters.includes(name)),
      missingRoles: () => Promise.resolve([]),
      groups: (arns) =>
        Promise.resolve(arns.map((arn) => ({ arn, targetType: 'ip', healthCheckPort: 'traffic-port' }))),
      repository: () => Promise.resolve(seen.repository),
      time: () => Promise.resolve(seen.aws),
    },
    realTime: true,
  };
  return { ...parts, ports, seen };
};
