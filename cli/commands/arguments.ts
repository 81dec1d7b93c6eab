import { InvalidArgumentError, Option } from 'commander';
import type { TargetId } from '../../lib/domain/target.ts';

const label = /^([1-9]\d{0,14})\/([a-z0-9-]{1,40})$/;

/** `<project>/<target>`, as the journal and the logs write it. */
export const targetArgument = (text: string): TargetId => {
  const [, project, name] = label.exec(text) ?? [];
  if (project === undefined || name === undefined)
    throw new InvalidArgumentError('It must be <project id>/<name>, for instance 4711/web.');
  return { project: Number(project), name };
};

/** A number from 1 on. */
export const countArgument = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a number from 1 on.');
  return value;
};

const reason = /^[^\p{C}]{1,200}$/u;

/** A sentence that may be shown anywhere: one line. */
export const becauseArgument = (text: string): string => {
  if (!reason.test(text)) throw new InvalidArgumentError('It must be one line of 1 to 200 characters.');
  return text;
};

export const noWatch = () => new Option('--no-watch', 'begin it, and do not follow it');
