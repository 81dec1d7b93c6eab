import { startAws } from '../../local/aws.ts';
import { expectRight, matrixOf } from '../support/death-matrix/matrix-tests.ts';
import { recordedRuns } from '../support/death-matrix/recorded-run.ts';
import { canBeDeployed, chosenBy, deployedAftermath, inject, isOfOneScene, stopAt } from '../support/deployed-death.ts';
import { deployed, fleet, rehearsed } from '../support/deployed.ts';
import { seedNames } from '../../local/seed-names.ts';
import { region } from '../support/samples.ts';

/**
 * Ten cases of the death matrix on the deployed stack. The seed that the run prints chooses them; `DRAWBRIDGE_SEED=<seed>` plays
 * the same ones again.
 */

const aws = await startAws({ speed: 20, region });
const matrices = await matrixOf(aws, recordedRuns);
await aws.close();

// As many layers as the recorded image has, and each in as many parts: so that its calls are the same.
const copied = { copied: { ecr_repository: seedNames.repository }, layers: [{ size: 25 * 2 ** 20 }, { size: 100 }] };

const all = matrices.flatMap(({ run, recording, cases }) =>
  run.diesAt === undefined
    ? cases.filter((one) => canBeDeployed(one, recording.entered)).map((one) => ({ one, run, recording }))
    : [],
);

const chosen = chosenBy(deployed.seed, all, 10);

// First those that disturb nobody else, all at once; then each of the others alone.
const inTurn = [true, false].flatMap((alike) => chosen.filter(({ one }) => isOfOneScene(one) === alike));

for (const [index, { one, run, recording }] of inTurn.entries()) {
  rehearsed(
    one.name,
    `death-${String(index + 1).padStart(2, '0')}`,
    async (scene, users) => {
      const struck = 'site' in one ? await inject(scene, one) : () => Promise.resolve(true);
      try {
        const { execution } = await scene.release(run.image);
        if ('stopAt' in one) await stopAt(execution, one.stopAt);
        const seen = await deployedAftermath(scene, execution, users.traffic().failed);
        expect(await struck()).toBe(true);
        expectRight({ one, run, undisturbed: recording.aftermath.ending, seen });
      } finally {
        if (!isOfOneScene(one)) await fleet.clearFaults();
      }
    },
    {
      service: run.service,
      timeoutMinutes: run.timeoutMinutes,
      ...(isOfOneScene(one) && { beside: true }),
      ...(run.copied === undefined ? {} : copied),
    },
  );
}
