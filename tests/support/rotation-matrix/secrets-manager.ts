import { rotationSteps } from '../../../lib/domain/rotation.ts';
import type { MemorySecrets } from '../memory-secret-versions.ts';

/** What Secrets Manager invokes the rotation's function with. */
export interface StepEvent {
  secretId: string;
  version: string;
  step: string;
}

/** How a rotation went. */
export interface Rotated {
  /** whether a version that was begun became AWSCURRENT and all its steps ended well */
  done: boolean;
  /** how many versions it took */
  versions: number;
  /** the names of what failed, in order */
  failures: string[];
}

export interface RotatingWorld {
  secrets: MemorySecrets;
  secret: string;
  invoke: (event: StepEvent) => Promise<unknown>;
  /** lets milliseconds pass between two tries */
  rest: (milliseconds: number) => Promise<void>;
}

/** ms before each further try, and how many there are. AWS does not say; soon and late ones find different things. */
const rests = [1_000, 120_000, 300_000, 300_000, 600_000, 1_200_000, 1_200_000];

let versions = 0;
export const nextVersion = (): string => {
  versions += 1;
  return `00000000-0000-4000-8000-${String(versions).padStart(12, '0')}`;
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'no error at all');

/** The four steps, up to the first that fails: the name of that. */
export const trySteps = async (
  { secret, invoke }: Pick<RotatingWorld, 'secret' | 'invoke'>,
  version: string,
): Promise<string | undefined> => {
  for (const step of rotationSteps) {
    try {
      await invoke({ secretId: secret, version, step });
    } catch (error) {
      return nameOf(error);
    }
  }
  return undefined;
};

/**
 * A rotation as Secrets Manager drives it: a step that failed is tried again later, for the same version and from the
 * first step; when the label was taken off that version, a new rotation is begun. `begun`: a version that is under way.
 */
export const rotateOnce = async (world: RotatingWorld, begun = ''): Promise<Rotated> => {
  const { secrets, secret, rest } = world;
  const rotated: Rotated = { done: false, versions: 0, failures: [] };
  let version = begun;
  for (const wait of [0, ...rests]) {
    if (wait > 0) await rest(wait);
    if (secrets.labelled(secret, 'AWSPENDING') !== version) {
      version = nextVersion();
      secrets.begin(secret, version);
      rotated.versions += 1;
    }
    const failure = await trySteps(world, version);
    if (failure === undefined) return { ...rotated, done: secrets.labelled(secret, 'AWSCURRENT') === version };
    rotated.failures.push(failure);
  }
  return rotated;
};
