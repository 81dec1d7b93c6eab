import { startAws } from '../../local/aws.ts';
import { allowedEndings, serviceAfter } from '../support/death-matrix/allowed-endings.ts';
import { casesOf } from '../support/death-matrix/cases.ts';
import { play, record } from '../support/death-matrix/play.ts';
import { recordedRuns } from '../support/death-matrix/recorded-run.ts';
import { region } from '../support/samples.ts';

const aws = await startAws({ speed: 20, region });
afterAll(() => aws.close());

for (const run of recordedRuns) {
  const recording = await record(aws, run);
  const undisturbed = recording.aftermath.ending;

  describe(run.name, () => {
    test.each(casesOf(recording).map((one) => [one.name, one] as const))('%s', async (_name, one) => {
      const { struck, seen, fresh } = await play(aws, run, one);
      const question = { one, run, undisturbed, seen };
      expect(struck).toBe(true);
      expect(seen.violations).toEqual([]);
      expect(allowedEndings(question)).toContainEqual(seen.ending);
      if (!seen.recoveryDied) expect(seen.service).toBe(serviceAfter(seen.ending, question));
      expect(seen.registered).toBeLessThanOrEqual(1);
      expect(seen.updates['start-rollout']).toBeLessThanOrEqual(1);
      expect(seen.updates.undo).toBeLessThanOrEqual(1);
      expect(fresh).toMatchObject({ ending: { outcome: 'deployed' }, service: 'ours', violations: [] });
    });
  });
}
