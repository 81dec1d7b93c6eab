import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { Images } from '../../ports/images.ts';
import { awsCall, isAwsError } from './aws-call.ts';

const absent = ['ImageNotFoundException', 'RepositoryNotFoundException'];

export const ecrImages = (client: ECRClient): Images => ({
  digestOf: async (repositoryName, imageTag) => {
    const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
    try {
      const { imageDetails } = await awsCall('DescribeImages', () => client.send(command), absent);
      return imageDetails?.[0]?.imageDigest;
    } catch (error) {
      if (absent.some((name) => isAwsError(error, name))) return undefined;
      throw error;
    }
  },
});
