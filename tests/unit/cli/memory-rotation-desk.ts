import type { DescribedSecret, LoggedStep, RotationDesk, RotationStack } from '../../../cli/rotation-desk.ts';

export const stack: RotationStack = {
  rotationFunctionArn: 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:drawbridge-prod-rotate-secret',
  hookSecret: 'drawbridge/prod/hook',
  gitlabSecret: 'platform-gitlab',
  managerSecret: 'drawbridge/prod/manager',
  rotationDays: 30,
};

export const arnOf = (name: string): string => `arn:secret:${name}-AbCdEf`;

export interface MemoryRotationDesk extends RotationDesk {
  labels: Map<string, Record<string, string[]>>;
  rotating: Set<string>;
  log: LoggedStep[];
  /** what was done, in order */
  done: string[];
  logs: (name: string, step: string, ended?: { failure: string; because: string }) => void;
  /** The rotation of this secret ends: its version becomes AWSCURRENT. */
  promote: (name: string) => void;
}

/** A stage whose secrets are filled, and whose rotation is configured, until a test says otherwise. */
export const memoryRotationDesk = (): MemoryRotationDesk => {
  const names = [stack.hookSecret, stack.gitlabSecret, stack.managerSecret];
  const desk: MemoryRotationDesk = {
    labels: new Map(names.map((name) => [name, { old: ['AWSCURRENT'] }])),
    rotating: new Set([stack.hookSecret, stack.gitlabSecret]),
    log: [],
    done: [],
    logs: (name, step, ended) => {
      desk.log.push({ secretArn: arnOf(name), step, ...(ended ?? { result: 'well' }) });
    },
    promote: (name) => {
      desk.labels.set(name, { old: ['AWSPREVIOUS'], next: ['AWSCURRENT', 'AWSPENDING'] });
    },
    stack: () => Promise.resolve(stack),
    describe: (name): Promise<DescribedSecret> =>
      Promise.resolve({
        arn: arnOf(name),
        rotationEnabled: desk.rotating.has(name),
        labels: desk.labels.get(name) ?? {},
      }),
    fillEmpty: (name) => {
      desk.done.push(`fill ${name}`);
      desk.labels.set(name, { empty: ['AWSCURRENT'] });
      return Promise.resolve();
    },
    start: (name, setup) => {
      desk.done.push(`rotate ${name}${setup === undefined ? '' : ` by ${setup.functionArn} every ${setup.days} days`}`);
      desk.labels.set(name, { ...desk.labels.get(name), next: ['AWSPENDING'] });
      return Promise.resolve('next');
    },
    steps: () => Promise.resolve([...desk.log]),
    revokeNow: () => {
      desk.done.push('revoke');
      return Promise.resolve({ revoked: 1, foreign: 2 });
    },
  };
  return desk;
};
