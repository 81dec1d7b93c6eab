import type { End } from '../../lib/domain/deployment.ts';
import type { Execution } from '../executions.ts';
import type { ServiceView } from '../fleet/seeds.ts';
import type { Traffic } from '../users.ts';
import { plural } from '../../cli/words.ts';

/** One deployment as it ended: what Step Functions says, and what the journal says. */
export interface Ended {
  execution: Pick<Execution, 'status' | 'error' | 'cause'>;
  end: End | undefined;
}

/** What the demo has seen, all of it read back from the world. */
export interface Seen {
  good: Ended & { digest: string };
  bad: Ended;
  /** the service after both, and who answers there */
  service: Pick<ServiceView, 'rollouts'>;
  answering: readonly string[];
  users: Traffic;
  /** answers of the fleet that do not fit AWS's models */
  defects: readonly string[];
}

const said = ({ execution, end }: Ended): string =>
  `${execution.status}${execution.error === undefined ? '' : ` (${execution.error})`}; the journal: ${
    end === undefined ? 'no end' : `${end.outcome}, ${end.failure ?? 'no failure'}, ${end.because}`
  }`;

const deployedProblem = (good: Ended): string[] =>
  good.execution.status === 'SUCCEEDED' && good.end?.outcome === 'deployed'
    ? []
    : [`B was not deployed: ${said(good)}`];

const undone = new Set(['undone', 'rolled back by ECS']);

const undoneProblem = (bad: Ended): string[] => {
  const byName = bad.execution.status === 'FAILED' && bad.execution.error === 'RolloutFailed';
  const back = bad.end?.failure === 'RolloutFailed' && undone.has(bad.end.undo ?? '');
  return byName && back ? [] : [`C was not undone by name: ${said(bad)}; undo: ${bad.end?.undo ?? 'none'}`];
};

const serviceProblem = ({ good, service }: Seen): string[] => {
  const primary = service.rollouts.find(({ status }) => status === 'PRIMARY');
  const isGood = primary?.images.some((image) => image.endsWith(`@${good.digest}`)) ?? false;
  if (isGood && primary?.rolloutState === 'COMPLETED') return [];
  const is = primary === undefined ? 'no rollout' : `${primary.images.join(', ')}, ${primary.rolloutState}`;
  return [`the service is not on B's digest ${good.digest}: ${is}`];
};

const answerProblem = ({ good, answering }: Seen): string[] => {
  const others = new Set(answering.filter((digest) => digest !== good.digest));
  if (answering.length > 0 && others.size === 0) return [];
  return [`users are not answered by B alone, but by ${[...others].join(', ') || 'nobody'}`];
};

const usersProblem = ({ users }: Seen): string[] => {
  if (users.failed > 0) return [`${plural(users.failed, 'user request')} failed: ${users.failures.join('; ')}`];
  return users.answered > 0 ? [] : ['no user was answered'];
};

/** Why the demo did not go as it should; empty when it truly did. */
export const problemsIn = (seen: Seen): string[] => [
  ...deployedProblem(seen.good),
  ...undoneProblem(seen.bad),
  ...serviceProblem(seen),
  ...answerProblem(seen),
  ...usersProblem(seen),
  ...seen.defects.map((defect) => `the fleet answered what AWS would not: ${defect}`),
];
