import type { ListServiceDeploymentsRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { ServiceDeploymentRecord } from '../world/records.ts';
import { checkSupported, rememberedDeployments } from './find-deployment.ts';
import { findService } from './find.ts';

/** Newest first. */
export const listServiceDeployments =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as ListServiceDeploymentsRequest;
    const service = findService(fleet, request);
    checkSupported(fleet, service);
    const fitting = rememberedDeployments(fleet, service).filter((deployment) => fits(deployment, request));
    const page = pageOf(fitting, { nextToken: request.nextToken, maxResults: request.maxResults ?? 20 });
    return {
      serviceDeployments: page.items.map((deployment) => ({
        serviceDeploymentArn: deployment.arn,
        serviceArn: service.arn,
        clusterArn: service.cluster.arn,
        createdAt: deployment.createdAt,
        startedAt: deployment.startedAt,
        finishedAt: deployment.finishedAt,
        targetServiceRevisionArn: deployment.target.arn,
        status: deployment.status,
        statusReason: deployment.statusReason,
      })),
      nextToken: page.nextToken,
    };
  };

const fits = (
  { status, createdAt }: ServiceDeploymentRecord,
  request: Pick<ListServiceDeploymentsRequest, 'status' | 'createdAt'>,
): boolean => {
  const { after, before } = request.createdAt ?? {};
  return (
    (request.status === undefined || request.status.length === 0 || request.status.includes(status)) &&
    (after === undefined || createdAt > after) &&
    (before === undefined || createdAt < before)
  );
};
