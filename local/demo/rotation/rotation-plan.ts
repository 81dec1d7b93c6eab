import { rotationSteps, type RotatedSecret } from '../../../lib/domain/rotation.ts';
import { worldParts, type Part } from '../plan.ts';

/** One rotation of the demo; `part`: what its steps' parts of the plan begin with. */
export interface Turn {
  part: string;
  secret: RotatedSecret;
  title: string;
}

export const turns: readonly Turn[] = [
  { part: 'hook', secret: 'hook', title: "The hook's secret: its token, and a signing token for the first time" },
  { part: 'hook again', secret: 'hook', title: "The hook's secret once more: signed already" },
  { part: 'gitlab', secret: 'gitlab', title: "gitlab_token: a person's token gives way to one of Drawbridge's own" },
  { part: 'gitlab again', secret: 'gitlab', title: 'gitlab_token once more: now there is a predecessor to revoke' },
];

const usual: Record<RotatedSecret, readonly number[]> = { hook: [0.5, 7, 2, 0.3], gitlab: [0.6, 0.2, 0.4, 0.3] };

const turnParts = ({ part, secret }: Turn): Part[] =>
  rotationSteps.map((step, index) => ({ name: `${part} ${step}`, usual: usual[secret][index] ?? 0 }));

/** What `npm run demo -- rotation` goes through. */
export const rotationPlan: readonly Part[] = [
  ...worldParts,
  ...turns.flatMap(turnParts),
  { name: 'Revoke', usual: 4 },
  { name: 'Verdict', usual: 1 },
];
