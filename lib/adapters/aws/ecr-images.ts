import { DescribeImagesCommand, type ECRClient, type ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Images } from '../../ports/images.ts';
import { awsCallIfThere } from './aws-call.ts';

const absent = ['ImageNotFoundException', 'RepositoryNotFoundException'];

export const ecrImages = (client: ECRClient): Images => {
  const digestAt = async (repositoryName: string, imageId: ImageIdentifier): Promise<string | undefined> => {
    const command = new DescribeImagesCommand({ repositoryName, imageIds: [imageId] });
    const answer = await awsCallIfThere('DescribeImages', () => client.send(command), absent);
    return answer?.imageDetails?.[0]?.imageDigest;
  };
  return {
    digestOf: (repository, imageTag) => digestAt(repository, { imageTag }),
    has: async (repository, imageDigest) => (await digestAt(repository, { imageDigest })) !== undefined,
  };
};
