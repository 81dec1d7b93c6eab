import { styleText } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { rotatedSecrets } from '../../secrets/fill-secrets.ts';
import type { RotationView, StepView } from '../../secrets/rotation-views.ts';
import { timesHeader, type Narrator } from '../narrator.ts';
import type { Turn } from './rotation-plan.ts';
import type { RotationStage } from './rotation-stage.ts';
import { doings } from './rotation-steps.ts';

const lookEvery = 50; // ms of real time
const patience = 60_000; // ms of real time: several times what the longest rotation takes

const tell = (narrator: Narrator, { part, secret }: Turn, { step, began }: StepView): void => {
  narrator.going({ part: `${part} ${step}`, name: step, does: doings[secret][step] }, new Date(began));
};

const tellEnd = (narrator: Narrator, { step, ended = 0, error }: StepView): void => {
  narrator.done({ at: new Date(ended), failed: error !== undefined });
  if (error !== undefined)
    narrator.say(styleText('yellow', `  ${step} failed: ${error}. Secrets Manager begins again later.`));
};

/** Tells each step as it comes, until the rotation has ended. */
const follow = async (narrator: Narrator, turn: Turn, rotation: RotationView): Promise<void> => {
  const deadline = Date.now() + patience;
  let [told, ended] = [0, 0];
  for (;;) {
    const { steps, end } = rotation;
    for (const step of steps.slice(ended)) {
      if (told === ended) {
        tell(narrator, turn, step);
        told += 1;
      }
      if (step.ended === undefined) break;
      tellEnd(narrator, step);
      ended += 1;
    }
    if (end !== undefined && ended === steps.length) return;
    if (Date.now() > deadline) throw new Error(`after ${patience / 1_000} s the rotation has not ended`);
    await sleep(lookEvery);
  }
};

/** Has a secret rotated, and shows it until its end. */
export const playTurn = async ({ rehearsal, narrator }: RotationStage, turn: Turn): Promise<RotationView> => {
  narrator.say(`\n${timesHeader(turn.title)}`);
  const { rotations } = rehearsal;
  const { VersionId } = await rotations.rotate({ SecretId: rotatedSecrets[turn.secret] });
  const rotation = rotations.rotations.find(({ version }) => version === VersionId);
  if (rotation === undefined) throw new Error(`there is no rotation to version ${VersionId}`);
  await follow(narrator, turn, rotation);
  return rotation;
};
