import { styleText } from 'node:util';
import type { Deployed } from '../deploy-commit.ts';
import { timesHeader } from '../narrator.ts';
import type { Scene } from '../scene.ts';
import { commitRows, copiedRow } from '../summary.ts';
import { answersByCommit } from '../scene.ts';
import { plural } from '../../../cli/words.ts';
import type { PairWatcher } from './pair-watcher.ts';
import { timelineLines } from './timeline.ts';
import { colourNames } from './sight.ts';

/** The table of what happened, and its picture. */
export const swapSummary = (
  { scene, watcher }: { scene: Scene; watcher: PairWatcher },
  deployed: Deployed[],
  speed: number,
): string[] => {
  const { failed } = scene.users.traffic();
  const now = watcher.history().at(-1);
  const failures = colourNames.map((name) => `${name} ${now?.[name].failures ?? 0}`).join(', ');
  return [
    '',
    styleText('bold', timesHeader('What happened')),
    ...commitRows(scene, deployed, speed),
    copiedRow(deployed),
    `  users:   answered by ${answersByCommit(scene)}; ${plural(failed, 'error')}, by colour: ${failures}`,
    '',
    styleText('bold', 'The timeline'),
    ...timelineLines(watcher.history(), watcher.events(), speed),
  ];
};
