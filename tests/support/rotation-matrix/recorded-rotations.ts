import type { RotatedSecret } from '../../../lib/domain/rotation.ts';
import type { TokensLeft } from './token-judge.ts';
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
  reach: 1 | 2 | 3;
  /** there is no manager: gitlab_token replaces itself */
  self?: true;
  /** the tokens that live when it is over and tended */
  left: TokensLeft;
}

const noTokens: TokensLeft = { access: 0, deploy: 0, byHand: 0 };
/** One of ours each, beside the one that a person made before. */
const access: TokensLeft = { access: 1, deploy: 0, byHand: 1 };
const both: TokensLeft = { access: 1, deploy: 1, byHand: 1 };
/** By self/rotate's doing it is the person's token in a line. */
const oneLine: TokensLeft = { access: 0, deploy: 0, byHand: 1 };

const [olderGitlab, newerGitlab] = ['18.5.0-ee', '19.2.0-ee'];
const reading = ['read_api', 'read_registry'];

const ofHooks = { secret: 'hook', left: noTokens } as const;

export const recordedHookRotations: readonly RecordedRotation[] = [
  { ...ofHooks, name: 'hook plain', prepare: hooksByHand(olderGitlab), before: 0, reach: 2 },
  { ...ofHooks, name: 'hook signed', prepare: hooksByHand(newerGitlab, 'signed'), before: 0, reach: 2 },
  { ...ofHooks, name: 'hook to be signed', prepare: hooksByHand(newerGitlab), before: 0, reach: 2 },
  { ...ofHooks, name: 'hook, second rotation', prepare: hooksByHand(newerGitlab), before: 1, reach: 1 },
  { ...ofHooks, name: 'hook, first set-up', prepare: nothingByHand, before: 0, reach: 2 },
];

const projects = { owner: 'project', deployToken: true, scopes: reading } as const;
const own = { owner: 'project', scopes: [...reading, 'self_rotate'], self: true } as const;

export const recordedTokenRotations: readonly RecordedRotation[] = [
  {
    name: 'tokens of a project',
    secret: 'gitlab',
    prepare: tokensByHand(projects),
    before: 0,
    reach: 1,
    left: both,
  },
  {
    name: 'tokens, second rotation',
    secret: 'gitlab',
    prepare: tokensByHand(projects),
    before: 1,
    reach: 1,
    left: both,
  },
  {
    name: 'token of a group',
    secret: 'gitlab',
    prepare: tokensByHand({ owner: 'group', scopes: reading }),
    before: 0,
    reach: 2,
    left: access,
  },
  {
    name: 'token by itself',
    secret: 'gitlab',
    prepare: tokensByHand(own),
    before: 0,
    reach: 1,
    self: true,
    left: oneLine,
  },
];

/** One of them by its name. */
export const rotationNamed = (name: string): RecordedRotation => {
  const found = [...recordedHookRotations, ...recordedTokenRotations].find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rotation ${name}`);
  return found;
};
