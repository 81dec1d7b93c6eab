import { DeployFailure, RotationFailure } from '../domain/failure.ts';
import { logger } from './log.ts';

/** What a task's one log line shows of its input and output. */
const shown = new Set([
  'execution',
  'deployment',
  'state',
  'done',
  'outcome',
  'failure',
  'warning',
  'because',
  'next',
  'result',
  'status',
  'note',
  'moved',
  'present',
  'step',
  'weight',
  'healthy',
  'secret',
  'revoked',
  'foreign',
  'started',
  'secretId',
  'missing',
  'notExecutable',
  'broughtBack',
  'resent',
  'throttled',
  'targets',
  'unaskable',
  'behind',
]);

const pick = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Record<string, unknown>).filter(
      ([key, inner]) => shown.has(key) && typeof inner !== 'object',
    ),
  );

/** A fault of our own keeps its class name and place; its text could quote anything. */
const unexpected = (error: unknown): DeployFailure => {
  const { name, message, stack = '' } = error instanceof Error ? error : { name: 'Unknown', message: '' };
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  const place = frames.find((line) => line.trimStart().startsWith('at '));
  return new DeployFailure('Unexpected', 'a fault of our own', { facts: { error: name, place: place?.trim() ?? '' } });
};

/** A task of the workflow or of a rotation: runs its verb, writes one line, and lets only failures of the closed lists out. */
export const task =
  <Input, Output>(name: string, verb: (input: Input) => Promise<Output>) =>
  async (input: Input): Promise<Output> => {
    try {
      const output = await verb(input);
      logger.info(name, { ...pick(input), ...pick(output) });
      return output;
    } catch (error) {
      const failure = error instanceof DeployFailure || error instanceof RotationFailure ? error : unexpected(error);
      logger.error(name, { ...pick(input), failure: failure.name, because: failure.message });
      throw failure;
    }
  };
