import type {
  DescribeScheduledActionsRequest,
  PutScheduledActionRequest,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { Operation } from '../operation.ts';
import { arn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { askedFor, registeredTarget } from './find.ts';
import { keyOf } from './scaling.ts';

export const describeScheduledActions =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DescribeScheduledActionsRequest;
    const { ScheduledActionNames, NextToken: nextToken, MaxResults: maxResults = 50 } = request;
    const all = askedFor(fleet.scaling.actions.values(), request).filter(
      ({ ScheduledActionName = '' }) =>
        ScheduledActionNames === undefined || ScheduledActionNames.includes(ScheduledActionName),
    );
    const page = pageOf(all, { nextToken, maxResults, badTokenCode: 'InvalidNextTokenException' });
    return { ScheduledActions: page.items, NextToken: page.nextToken };
  };

/** A scheduled action is data here: its time never comes. */
export const putScheduledAction =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as PutScheduledActionRequest;
    const { ResourceId } = registeredTarget(fleet, request);
    const { ScheduledActionName = '' } = request;
    const key = keyOf(ResourceId, ScheduledActionName);
    const known = fleet.scaling.actions.get(key);
    const action: ScheduledAction = {
      Schedule: undefined,
      ...known,
      ...request,
      ScheduledActionARN: known?.ScheduledActionARN ?? newArn(fleet, ResourceId, ScheduledActionName),
      CreationTime: known?.CreationTime ?? dateOf(fleet),
    };
    fleet.scaling.actions.set(key, action);
    return {};
  };

const newArn = (fleet: Fleet, resourceId: string, name: string): string =>
  arn(
    fleet,
    'autoscaling',
    `scheduledAction:${fleet.names.hex(32)}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
  );
