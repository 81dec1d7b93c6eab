import * as z from 'zod/mini';
import { Rejection } from '../domain/failure.ts';
import { isDigest, manifestTypes } from '../domain/image-manifest.ts';
import { isRepository, isTag } from '../domain/image-reference.ts';
import type { ImagePush, PushedImages } from '../domain/plan-images.ts';

const envelope = z.object({ events: z.array(z.unknown()) });

// Blobs have their own media type, an index's children no tag, deletions another action.
const anyEvent = z.object({ action: z.string() });
const anyPush = z.object({ target: z.object({ mediaType: z.string(), tag: z.optional(z.string()) }) });

const text = (fits: (value: string) => boolean) => z.string().check(z.refine(fits));

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

// Only what we use. What the registry thinks its own address is (`url`, `request.host`) and who pushed (`actor`) is not read.
const push = z.object({
  id: text((id) => /^[\w.:-]{1,128}$/.test(id)),
  timestamp: text((time) => rfc3339.test(time) && !Number.isNaN(Date.parse(time))),
  target: z.object({
    repository: text((repository) => repository.length <= 255 && isRepository(repository)),
    tag: text(isTag),
    digest: text(isDigest),
  }),
});

/** Names fields, never values. */
const shapeProblem = ({ issues }: z.core.$ZodError): string =>
  `has another shape than expected at ${issues.map(({ path }) => path.join('.')).join(', ')}`;

const readPush = (event: unknown): ImagePush | { problem: string } => {
  const read = push.safeParse(event);
  if (!read.success) return { problem: shapeProblem(read.error) };
  const { id, timestamp, target } = read.data;
  const { repository, tag, digest } = target;
  return { repository, tag, digest, event: id, pushedAt: new Date(timestamp).toISOString() };
};

/** Undefined for an event that is none of ours. */
const readEvent = (event: unknown): ImagePush | { problem: string } | undefined => {
  const known = anyEvent.safeParse(event);
  if (!known.success) return { problem: shapeProblem(known.error) };
  if (known.data.action !== 'push') return undefined;
  const pushed = anyPush.safeParse(event);
  if (!pushed.success) return { problem: shapeProblem(pushed.error) };
  const { mediaType, tag } = pushed.data.target;
  const tagged = (manifestTypes as readonly string[]).includes(mediaType) && tag !== undefined;
  return tagged ? readPush(event) : undefined;
};

/**
 * What a registry's envelope of events says, in our words. An event that cannot be read stops no other. Raises Rejection
 * `unreadable` for what is no envelope.
 * https://distribution.github.io/distribution/about/notifications/
 */
export const readRegistryHook = (body: unknown): PushedImages => {
  const read = envelope.safeParse(body);
  if (!read.success) throw new Rejection('unreadable', `the hook ${shapeProblem(read.error)}`);
  const events = read.data.events.map(readEvent).filter((event) => event !== undefined);
  return {
    pushes: events.flatMap((event) => ('problem' in event ? [] : [event])),
    unreadable: events.flatMap((event) => ('problem' in event ? [`an event ${event.problem}`] : [])),
  };
};
