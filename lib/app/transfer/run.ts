import { DeployFailure } from '../../domain/failure.ts';
import type { Transfer, TransferCount, TransferPorts } from './transfer.ts';

/** One call of transferImage, as all its parts know it. */
export interface Run extends TransferPorts {
  transfer: Transfer;
  /** whether nothing more is to be begun in this invocation */
  late: () => boolean;
  count: TransferCount;
}

/** What a later call may not meet again. */
export interface Passing extends DeployFailure {
  name: 'RegistryUnavailable' | 'AwsUnavailable';
}

export const isPassing = (error: unknown): error is Passing =>
  error instanceof DeployFailure && (error.name === 'RegistryUnavailable' || error.name === 'AwsUnavailable');

/** Ends what is under way, also from within a stream of bytes. Whoever sees the whole asks `late` and says so. */
export const halt = (): DeployFailure => new DeployFailure('RegistryUnavailable', 'nothing more is begun');

export const stopWhenLate = ({ late }: Run): void => {
  if (late()) throw halt();
};
