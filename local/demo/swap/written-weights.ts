import { weightsOf, type Action } from '../../../lib/domain/traffic.ts';
import type { FleetCall } from '../../fleet/seeds.ts';
import type { Pair } from './pair.ts';
import { percent } from './sight.ts';

/** Weights that were written to the rule that users meet: by which function, and green's percent. */
export interface WrittenWeights {
  by: string;
  green: number;
}

type Call = Pick<FleetCall, 'operation' | 'caller' | 'input' | 'outcome'>;

/** All weights of users' traffic that were written, in order. */
export const writtenWeights = (
  calls: readonly Call[],
  { ruleArn, groups }: Pick<Pair, 'ruleArn' | 'groups'>,
): WrittenWeights[] =>
  calls
    .filter(({ operation, outcome, input }) => {
      const written = operation === 'ModifyRule' && outcome === 'ok';
      return written && input['RuleArn'] === ruleArn;
    })
    .map(({ caller, input }) => {
      const weights = weightsOf(input['Actions'] as Action[], groups) ?? {};
      const [blue = 0, green = 0] = groups.map((group) => weights[group]);
      return { by: caller, green: percent(green, blue + green) };
    });
