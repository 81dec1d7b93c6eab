import { rulePoint } from '../domain/blue-green.ts';
import { allGreen, type SwapRecord } from '../domain/swap.ts';
import { sameWeights, weightsOf, withWeights } from '../domain/traffic.ts';
import type { Traffic } from '../ports/traffic.ts';

/** Puts the test rule back, if Test green wrote it and nobody has since. */
export const closeTest = async (traffic: Traffic, record: SwapRecord): Promise<void> => {
  const rule = record.blueGreen.test?.rule;
  if (record.testing === undefined || rule === undefined) return;
  const actions = (await traffic.actions(rulePoint(rule))) ?? [];
  const weights = weightsOf(actions, record.blueGreen.targetGroups);
  if (weights === undefined || !sameWeights(weights, allGreen(record))) return;
  await traffic.replace(rulePoint(rule), withWeights(actions, record.testing.before));
};
