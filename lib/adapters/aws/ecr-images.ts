import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { Images } from '../../ports/images.ts';
import { awsCallIfThere } from './aws-call.ts';

const absent = ['ImageNotFoundException', 'RepositoryNotFoundException'];

export const ecrImages = (client: ECRClient): Images => ({
  digestOf: async (repositoryName, imageTag) => {
    const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
    const answer = await awsCallIfThere('DescribeImages', () => client.send(command), absent);
    return answer?.imageDetails?.[0]?.imageDigest;
  },
});
