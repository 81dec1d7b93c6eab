import { serviceLabel } from '../lib/domain/deployment.ts';
import { targetLabel, type Target } from '../lib/domain/target.ts';
import { fieldsOf } from './target-fields.ts';

/** A good target, and where it stands. */
export interface ReadTarget {
  file: string;
  target: Target;
}

/** Something that a deployment of the target writes, and the field that names it. */
interface Claim extends ReadTarget {
  field: string;
  thing: string;
}

const claimsOf = ({ file, target }: ReadTarget): Claim[] => {
  const field = fieldsOf(target);
  const claim = (name: string, thing: string): Claim => ({ file, target, field: name, thing });
  const own = claim(field.service, serviceLabel(target));
  if (target.strategy.type === 'rolling') return [own];
  const { production, idleService, test } = target.strategy.swap;
  return [
    own,
    claim(field.idleService, serviceLabel({ cluster: target.cluster, service: idleService })),
    claim(field.production, production.arn),
    ...(test?.rule === undefined ? [] : [claim(field.testRule, test.rule)]),
  ];
};

/**
 * Deployments take turns by `service` alone: what targets of different services both write, they would write at once.
 * Told of the target whose strategy names it, or of both.
 */
export const rivalProblems = (targets: readonly ReadTarget[]): string[] => {
  const claims = targets.flatMap(claimsOf);
  return claims
    .filter(({ field }) => field !== 'service')
    .flatMap(({ file, target, field, thing }) => {
      const rival = claims.find(
        (other) => other.thing === thing && serviceLabel(other.target) !== serviceLabel(target),
      );
      if (rival === undefined) return [];
      const by = `${rival.field} of ${targetLabel(rival.target)} in ${rival.file}`;
      return [`${file}: ${target.name}: ${field}: is ${by} too, and both would write it at once`];
    });
};
