import { seededRandom } from '../../local/fleet/wire/seeded-random.ts';
import { late, plain } from './settings.ts';

const shuffled = (titles: readonly string[], random: () => number): string[] =>
  titles
    .map((title) => ({ title, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ title }) => title);

/** A share (up to 1) of the tests, rounded up, by the seed: of the plain scenes, of the late ones, and of the rest. */
export const shareOf = (titles: readonly string[], share: number, seed: number): string[] => {
  const random = seededRandom(seed);
  const groups = Object.values(
    Object.groupBy(titles, (title) => [plain, late].find(({ tag }) => title.endsWith(tag))?.tag ?? 'no scene'),
  );
  return groups.flatMap((group = []) => shuffled(group, random).slice(0, Math.ceil(group.length * share)));
};
