import type { CreateRepositoryRequest } from '@aws-sdk/client-ecr';
import { AwsError } from '../operation.ts';
import type { TagSettings } from './repository.ts';

/** Whether a tag that is there stays where it is. `*` stands for any run of characters, none included. */
export const isImmutable = ({ imageTagMutability, exclusions }: TagSettings, tag: string): boolean => {
  const excluded = exclusions.some((filter) => wildcard(filter).test(tag));
  switch (imageTagMutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
  }
};

const wildcard = (filter: string): RegExp => new RegExp(`^${filter.split('*').map(literally).join('.*')}$`);

const literally = (text: string): string => text.replaceAll('.', '\\.');

/** What a request says of tags; filters go with `…_WITH_EXCLUSION` alone. Raises InvalidParameterException. */
export const tagSettings = ({
  imageTagMutability = 'MUTABLE',
  imageTagMutabilityExclusionFilters = [],
}: CreateRepositoryRequest): TagSettings => {
  const exclusions = imageTagMutabilityExclusionFilters.map(({ filter = '' }) => filter);
  if (imageTagMutability.endsWith('_WITH_EXCLUSION') === exclusions.length > 0) {
    return { imageTagMutability, exclusions };
  }
  throw new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'Filters go with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION, and these need some'`,
  );
};
