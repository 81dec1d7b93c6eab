import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeployFailure } from '../../domain/failure.ts';
import type { Announcements } from '../../ports/announcements.ts';
import { awsCall } from './aws-call.ts';

/**
 * Each an event on the default bus, source `drawbridge`, whose resource is the workflow (its ARN): stages of one account
 * share the bus, and are told apart by it.
 */
export const eventBridgeAnnouncements = (client: EventBridgeClient, workflow: string): Pick<Announcements, 'tell'> => ({
  tell: async ({ type, detail }) => {
    const about = { Source: 'drawbridge', DetailType: type, Resources: [workflow] };
    const entry = { ...about, Detail: JSON.stringify(detail) };
    const { FailedEntryCount = 0 } = await awsCall('PutEvents', () =>
      client.send(new PutEventsCommand({ Entries: [entry] })),
    );
    // PutEvents answers 200 also when it took nothing
    if (FailedEntryCount > 0) throw new DeployFailure('AwsUnavailable', 'EventBridge did not take the event');
  },
});
