import { rotationSteps } from '../lib/domain/rotation.ts';
import { exitCodes } from './exit-codes.ts';
import type { Printed } from './printed.ts';
import type { RotateOutput, RotationState } from './rotate.ts';

/** What the rotation does in each step; the waits are the stack's. */
const doing: Readonly<Record<string, string>> = {
  createSecret: 'makes what is to come',
  setSecret: 'lets every door read it, then tells GitLab',
  testSecret: 'lets deliveries under way arrive, then has GitLab try it',
  finishSecret: 'makes it current',
};

const stepText = (step: string): string => {
  const at = rotationSteps.findIndex((one) => one === step) + 1;
  return `step ${at} of ${rotationSteps.length}, ${step}: ${doing[step] ?? ''}`;
};

const whole = (seconds: number): string => `${Math.round(seconds)} s`;

const stateText = ({ state, step, seconds, because = '' }: RotationState): string => {
  if (state === 'under way') return stepText(step);
  if (state === 'rotated') return `rotated in ${whole(seconds)}`;
  if (state === 'failed') return `${step} failed: ${because} (Secrets Manager tries again by itself)`;
  if (state === 'given up') return `given up${because === '' ? '' : ` in ${step}: ${because}`}`;
  if (state === 'late') return `still at ${step} after ${whole(seconds)}; it goes on without this command`;
  return `left as it is: ${because}`;
};

/** How far the rotations are, one line each. */
export const progressLines = (rotations: readonly RotationState[]): string[] =>
  rotations.map((rotation) => `${rotation.name}: ${stateText(rotation)}`);

export const rotateLines = (output: RotateOutput, revokeNow: boolean): Printed => {
  const { rotations, logGroup, tended } = output;
  const ok = rotations.every(({ state }) => state === 'rotated' || state === 'left');
  const revoked =
    tended === undefined
      ? 'nothing was revoked, for not everything was rotated'
      : `${tended.revoked} of GitLab's replaced tokens revoked, ${tended.foreign} left that only a person may revoke`;
  return {
    lines: [
      ...progressLines(rotations),
      ...(revokeNow ? [revoked] : []),
      ...(ok ? [] : [`each step's line is in the log group ${logGroup}; what a failure's name asks: docs/runbook.md`]),
    ],
    value: output,
    code: ok ? exitCodes.well : exitCodes.wrong,
  };
};
