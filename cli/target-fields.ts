import type { Outside } from '../lib/domain/stack-bounds.ts';
import type { Target } from '../lib/domain/target.ts';

/** The fields of the document by which this target names what it touches. */
export const fieldsOf = ({ copy, strategy }: Target): Record<Outside['part'], string> => {
  const byRule = strategy.type === 'blue-green' && strategy.swap.production.kind === 'rule';
  return {
    service: 'service',
    repository: copy === undefined ? 'image' : 'ecr_repository',
    idleService: 'strategy.idle_service',
    production: byRule ? 'strategy.listener_rule' : 'strategy.listener',
    testRule: 'strategy.test_listener_rule',
    retire: 'strategy.retire',
  };
};
