import { createHash } from 'node:crypto';
import { seededRandom } from '../wire/seeded-random.ts';

/** One stream of seeded chance. Each subject has its own, so that a read of one never shifts what happens in another. */
export interface Random {
  /** A number from `low` up to `high`. */
  between(low: number, high: number): number;
  /** A whole number of milliseconds between so many seconds. */
  milliseconds(lowSeconds: number, highSeconds: number): number;
  hex(length: number): string;
  /** Decimal digits without a leading zero, as in `ecs-svc/…`. */
  digits(length: number): string;
  /** Letters and digits, as in a service deployment's ARN. */
  letters(length: number): string;
}

const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The stream of this name; the same seed and name give the same numbers. */
export const randomStream = (seed: number, name: string): Random => {
  const next = seededRandom(
    createHash('sha256')
      .update(`${String(seed)}/${name}`)
      .digest()
      .readUInt32BE(),
  );
  const drawn = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join('');
  return {
    between: (low, high) => low + next() * (high - low),
    milliseconds: (low, high) => Math.round((low + next() * (high - low)) * 1000),
    hex: (length) => drawn(HEX, length),
    digits: (length) => drawn(DIGITS.slice(1), 1) + drawn(DIGITS, length - 1),
    letters: (length) => drawn(LETTERS, length),
  };
};
