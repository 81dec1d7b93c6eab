export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The partition a region is in: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): string => {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
};

export const arn = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;

export const ecsArn = (place: Place, resource: string): string => arn(place, 'ecs', resource);

export const elbArn = (place: Place, resource: string): string => arn(place, 'elasticloadbalancing', resource);

/** What comes after `<type>/` in an ARN's resource; what is no ARN is taken for the name itself. */
export const nameIn = (arnOrName: string): string => {
  if (!arnOrName.startsWith('arn:')) return arnOrName;
  const resource = arnOrName.split(':').slice(5).join(':');
  return resource.slice(resource.indexOf('/') + 1);
};

export const registryHost = (place: Place): string =>
  `${place.account}.dkr.ecr.${place.region}.amazonaws.com${place.partition === 'aws-cn' ? '.cn' : ''}`;
