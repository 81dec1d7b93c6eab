import { faultsOf, siteName, type Disturbance } from './fault.ts';
import { play, type Played, type Stage } from './play.ts';
import type { RecordedRotation } from './recorded-rotations.ts';

/** One thing that goes wrong in one rotation. */
export interface Case extends Disturbance {
  /** `hook plain: setSecret / GitLab.PUT /projects/:id/hooks/:id #1: dies` */
  name: string;
}

/** A rotation as it goes when nothing goes wrong, and what may go wrong in it: each call, in each way. */
export interface Matrix {
  rotation: RecordedRotation;
  undisturbed: Played;
  cases: Case[];
}

export const matrixOf = async (rotation: RecordedRotation, stage: Stage): Promise<Matrix> => {
  const undisturbed = await play({ rotation }, stage);
  const cases = undisturbed.sites.flatMap((site) =>
    faultsOf(site).map((fault) => ({ site, fault, name: `${rotation.name}: ${siteName(site)}: ${fault}` })),
  );
  return { rotation, undisturbed, cases };
};
