import type { RotatedSecret } from '../../../lib/domain/rotation.ts';
import { hooksByHand, nothingByHand, tokensByHand, type Ground } from './grounds.ts';

/** A rotation whose calls are recorded, and then disturbed one by one. */
export interface RecordedRotation {
  /** begins the names of its cases */
  name: string;
  secret: RotatedSecret;
  prepare: (ground: Ground) => void;
  /** rotations, each tended for a day, that have gone well before */
  before: number;
  /** how many of the projects have targets: a project's own token sees no other */
  reach: 1 | 2;
  /** there is no manager: gitlab_token replaces itself */
  self?: true;
}

const [olderGitlab, newerGitlab] = ['18.5.0-ee', '19.2.0-ee'];
const reading = ['read_api', 'read_registry'];

export const recordedHookRotations: readonly RecordedRotation[] = [
  { name: 'hook plain', secret: 'hook', prepare: hooksByHand(olderGitlab), before: 0, reach: 2 },
  { name: 'hook signed', secret: 'hook', prepare: hooksByHand(newerGitlab, 'signed'), before: 0, reach: 2 },
  { name: 'hook to be signed', secret: 'hook', prepare: hooksByHand(newerGitlab), before: 0, reach: 2 },
  { name: 'hook, second rotation', secret: 'hook', prepare: hooksByHand(newerGitlab), before: 1, reach: 1 },
  { name: 'hook, first set-up', secret: 'hook', prepare: nothingByHand, before: 0, reach: 2 },
];

const projects = { owner: 'project', deployToken: true, scopes: reading } as const;
const own = { owner: 'project', scopes: [...reading, 'self_rotate'], self: true } as const;

export const recordedTokenRotations: readonly RecordedRotation[] = [
  { name: 'tokens of a project', secret: 'gitlab', prepare: tokensByHand(projects), before: 0, reach: 1 },
  { name: 'tokens, second rotation', secret: 'gitlab', prepare: tokensByHand(projects), before: 1, reach: 1 },
  {
    name: 'token of a group',
    secret: 'gitlab',
    prepare: tokensByHand({ owner: 'group', scopes: reading }),
    before: 0,
    reach: 2,
  },
  { name: 'token by itself', secret: 'gitlab', prepare: tokensByHand(own), before: 0, reach: 1, self: true },
];

/** One of them by its name. */
export const rotationNamed = (name: string): RecordedRotation => {
  const found = [...recordedHookRotations, ...recordedTokenRotations].find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rotation ${name}`);
  return found;
};
