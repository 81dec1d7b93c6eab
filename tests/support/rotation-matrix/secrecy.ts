import type { RotationWorld } from './rotation-world.ts';

const secretKeys = ['webhook_token', 'webhook_signing_token', 'registry_token', 'gitlab_token', 'registry_password'];

/** Every value that was ever secret in this world, as far as it is known by now. */
const valuesIn = ({ secrets, gitlab: { world } }: RotationWorld): string[] => {
  const documents = secrets.written.map((text) => JSON.parse(text) as Record<string, unknown>);
  const written = documents.flatMap((document) => secretKeys.map((key) => document[key]));
  const made = [...world.accessTokens, ...world.deployTokens].map(({ value }) => value);
  return [...new Set([...made, ...written.filter((value) => typeof value === 'string')])];
};

export interface SecretKeeper {
  /** Notes what is secret by now: a token that is deleted later is seen in time. */
  look: () => string[];
  /** Which kinds of text hold a secret: log lines, answers and errors, the journal. */
  leaks: (lines: readonly string[]) => string[];
}

export const secretKeeper = (world: RotationWorld): SecretKeeper => {
  const values = new Set<string>();
  let known = 0;
  const look = (): string[] => {
    const { accessTokens, deployTokens } = world.gitlab.world;
    const count = world.secrets.written.length + accessTokens.length + deployTokens.length;
    if (count === known) return [];
    known = count;
    for (const value of valuesIn(world)) values.add(value);
    return [];
  };
  return {
    look,
    leaks: (lines) => {
      const texts = {
        log: lines.join('\n'),
        told: world.told.join('\n'),
        journal: JSON.stringify(world.journal.record),
      };
      const holding = Object.entries(texts).filter(([, text]) => [...values].some((value) => text.includes(value)));
      return holding.map(([kind]) => `a secret value in: ${kind}`);
    },
  };
};
