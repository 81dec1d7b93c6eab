import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { serviceLabel } from '../../domain/deployment.ts';
import { DeployFailure } from '../../domain/failure.ts';
import type { Announcements } from '../../ports/announcements.ts';
import { awsCall } from './aws-call.ts';

/** One event a deployment's end, source `drawbridge`, on the default bus. */
export const eventBridgeAnnouncements = (client: EventBridgeClient): Announcements => ({
  ended: async ({ deployment, target, service, sha, ref, found, revision }, end) => {
    const where = service === undefined ? {} : { service: serviceLabel(service) };
    const what = { sha, ref, digest: found?.digest, revision };
    const detail = { version: 1, deployment, target, ...where, ...what, ...end };
    const entry = { Source: 'drawbridge', DetailType: 'Deployment ended', Detail: JSON.stringify(detail) };
    const { FailedEntryCount = 0 } = await awsCall('PutEvents', () =>
      client.send(new PutEventsCommand({ Entries: [entry] })),
    );
    // PutEvents answers 200 also when it took nothing
    if (FailedEntryCount > 0) throw new DeployFailure('AwsUnavailable', 'EventBridge did not take the event');
  },
});
