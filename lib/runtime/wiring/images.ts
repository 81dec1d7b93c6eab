import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrImages } from '../../adapters/aws/ecr-images.ts';
import type { Images } from '../../ports/images.ts';
import { clientOptions } from './client-options.ts';

export const images = (): Images => ecrImages(new ECRClient(clientOptions()));
