type Fields = Readonly<Record<string, unknown>>;

/** A service as ECS describes it. Fields are AWS's own and pass through unread but for the few that are named. */
export interface DescribedService {
  /** DescribeServices, its tags included */
  service: Fields;
  /** its PRIMARY entry of `deployments`: some settings are only there */
  primary: Fields;
  /** DescribeServiceRevisions of what runs; absent where the region has none */
  revision?: Fields;
}
export const clientToken = (execution: string): string => execution.slice(0, 36);
export const copyRequest = (
  _described: DescribedService,
  of: { service: string; cluster: string; targetGroup: string; revision: string; desired: number; clientToken: string },
): Record<string, unknown> => ({
  cluster: of.cluster,
  serviceName: of.service,
  taskDefinition: of.revision,
  desiredCount: of.desired,
  clientToken: of.clientToken,
  loadBalancers: [{ targetGroupArn: of.targetGroup }],
});
