import { below } from '../cuts/random-image.ts';
import type { WireWorld } from './wire-world.ts';

/**
 * One invocation's life. Each call that it makes outwards is a step; at one of them it may die: what it had under way goes on or
 * not, and it hears nothing any more.
 */
export interface Life {
  step: <T>(act: () => Promise<T>) => Promise<T>;
  /** settles when it dies */
  end: Promise<undefined>;
  /** ms that are left of its time */
  remaining: () => number;
  /** set by whoever has connections: breaks them off */
  hangUp: () => void;
}

const kinds = ['call not made', 'answer not heard', 'connection broken', 'call comes late'] as const;
type Death = (typeof kinds)[number];

/** World time of each step: a token may end between any two. */
const stepMs = 500;
const never = () => new Promise<never>(() => undefined);

/** Nobody hears how it ends. */
const unheard = (world: WireWorld, act: () => Promise<unknown>): void => {
  world.unheard.push(act().catch(() => undefined));
};

const last = (world: WireWorld, life: Life, { death, act }: { death: Death; act: () => Promise<unknown> }): void => {
  if (death === 'call comes late') {
    world.late.push(() => {
      unheard(world, act);
    });
  }
  if (death === 'answer not heard' || death === 'connection broken') unheard(world, act);
  if (death === 'connection broken')
    setImmediate(() => {
      life.hangUp();
    });
};

/** When it dies and how, and when its time ends: by chance, most often never. */
const fateOf = ({ random }: WireWorld, invocation: number) => ({
  diesAt: random() < 0.6 / (1 + invocation / 3) ? 1 + below(random, 90) : Infinity,
  death: kinds[below(random, kinds.length)] ?? 'call not made',
  timeEndsAt: random() < 0.15 ? below(random, 60) : Infinity,
});

/** ECR forgets all uploads under way, now and then, and their bytes with them. */
const loseUploads = ({ world, counts, about, transfer }: WireWorld): void => {
  const { repository } = transfer.destination;
  if (!world.registry.content.hasRepository(repository)) return;
  for (const { uploadId, size } of world.ecrView(repository).uploads) {
    const digest = about.get(uploadId) ?? '';
    counts.lost.set(digest, (counts.lost.get(digest) ?? 0) + size);
  }
  counts.losses += 1;
  world.setRegistry({ uploadLifetime: 0 });
  world.ecrView(repository);
  world.setRegistry({ uploadLifetime: 24 * 3600 });
};

export const newLife = (world: WireWorld, invocation: number): Life => {
  const { diesAt, death, timeEndsAt } = fateOf(world, invocation);
  const losesAt = world.random() < 0.1 ? below(world.random, 80) : Infinity;
  const { promise: end, resolve } = Promise.withResolvers<undefined>();
  let steps = 0;
  const isDead = () => steps >= diesAt;
  const life: Life = {
    end,
    hangUp: () => undefined,
    remaining: () => (steps >= timeEndsAt ? 0 : 900_000),
    step: async (act) => {
      if (isDead()) return never();
      steps += 1;
      world.clock.advance(stepMs);
      if (steps % 7 === 0) world.late.shift()?.();
      if (steps === losesAt) loseUploads(world);
      if (isDead()) {
        world.counts.deaths += 1;
        resolve(undefined);
        last(world, life, { death, act });
        return never();
      }
      return await act().finally(() => (isDead() ? never() : undefined));
    },
  };
  return life;
};
