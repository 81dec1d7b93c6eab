import { createHash } from 'node:crypto';

/** Where the double's ids, shas and UUIDs come from: the same seed gives the same ones, so that a run can be repeated. */
export interface Ids {
  /** the next integer of its kind, as a database's sequence gives them */
  next(kind: string): number;
  /** 40 hex digits */
  sha(): string;
  /** a version 4 UUID by its form */
  uuid(): string;
  /** `length` characters of [0-9a-zA-Z] */
  secret(length: number): string;
}

const firstOf: Record<string, number> = {
  project: 4801,
  pipeline: 90_001,
  job: 700_001,
  hook: 31,
  delivery: 1001,
  user: 101,
};

export const seededIds = (seed: number): Ids => {
  const last = new Map<string, number>();
  const next = (kind: string): number => {
    const value = (last.get(kind) ?? (firstOf[kind] ?? 1) - 1) + 1;
    last.set(kind, value);
    return value;
  };
  const bytes = (kind: string): Buffer =>
    createHash('sha512')
      .update([seed, kind, next(kind)].join('/'))
      .digest();
  return {
    next,
    sha: () => bytes('sha').toString('hex').slice(0, 40),
    uuid: () => {
      const hex = bytes('uuid').toString('hex');
      const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
      const groups = [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        variant + hex.slice(17, 20),
        hex.slice(20, 32),
      ];
      return groups.join('-');
    },
    secret: (length) =>
      bytes('secret')
        .toString('base64')
        .replace(/[^0-9a-zA-Z]/g, '')
        .slice(0, length),
  };
};
