import type { HookSecret } from '../../../lib/domain/hook-secret.ts';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';
import { gitlabHook, isAuthentic } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { signHeaders } from '../../../local/gitlab/sign-headers.ts';
import type { GitlabWorld } from '../../../local/gitlab/world.ts';
import type { MemorySecrets } from '../memory-secret-versions.ts';
import { door, maxAge, slowDoor, type Door, type DoorWorld } from './doors.ts';

/** What GitLab knows of a hook when it sends. */
interface Tokens {
  token?: string | undefined;
  signingToken?: string | undefined;
}

const underWay = 10_000; // ms that an event takes at most from GitLab to a door
const slack = 3_000; // ms between two looks at what is labelled
const slowRead = 7_000; // ms

const key = ({ token, signingToken }: Tokens): string => JSON.stringify([token, signingToken]);

/** Judges whether a hook sent with these tokens at that time passes. What it found once for the same question holds. */
const passes = () => {
  const known = new Map<string, boolean>();
  return (versions: readonly HookSecret[], tokens: Tokens, { version, at }: { version: string; at: Date }): boolean => {
    const question = JSON.stringify([versions, key(tokens)]);
    const answer = known.get(question);
    if (answer !== undefined) return answer;
    const body = Buffer.from('{"object_kind":"pipeline"}');
    const headers = signHeaders({ body, ...tokens, version, timestamp: Math.floor(at.getTime() / 1_000) });
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const found = isAuthentic(versions, { headers: lower, body }, at);
    known.set(question, found);
    return found;
  };
};

/** What a door accepts by now; nothing when it has no secret to judge by. */
const heldBy = ({ source }: Door): Promise<readonly HookSecret[]> => source.cached().catch(() => []);

const tokensIn = (document: Record<string, unknown> | undefined): Tokens[] => {
  const { webhook_token: token, webhook_signing_token: signingToken } = (document ?? {}) as Record<string, string>;
  return [
    ...(token === undefined ? [] : [{ token }]),
    // Without a plain token: whoever forges shows what they have.
    ...(signingToken === undefined ? [] : [{ signingToken }]),
  ];
};

export interface EventJudge {
  /** A door that is new, and reads once a minute from now on. */
  openDoor: (name: string) => Promise<void>;
  /** A door that begins to read the secret now: what is written right after this it does not see for a minute. */
  openSlowDoor: (name: string) => void;
  /** Sends an event of each hook of ours to all doors, and forged ones beside; answers what was judged wrongly. */
  look: () => Promise<string[]>;
  /** An event that came over the wire, at a door whose cache is as old as may be. Rejects when it is refused. */
  receive: (hook: RawHook) => Promise<void>;
  /** how many questions were asked of doors */
  asked: () => number;
}

export interface EventWorld extends DoorWorld {
  gitlab: GitlabWorld;
  /** which hooks are ours */
  url: string;
}

/** Nobody may be refused who sends what GitLab was told, and nobody accepted who sends what counts no more. */
export const eventJudge = (world: EventWorld): EventJudge => {
  const { gitlab, secrets, secret, url, now } = world;
  const doors: Door[] = [];
  const carried = new Map<string, { tokens: Tokens; last: number }>();
  const counted = new Map<string, { tokens: Tokens; last: number }>();
  const passed = passes();
  let asked = 0;

  const note = (seen: typeof carried, tokens: Tokens): void => {
    seen.set(key(tokens), { tokens, last: now() });
  };
  const noteAll = (secretsNow: Pick<MemorySecrets, 'valueOf'>): void => {
    const hooks = [...gitlab.projects.values()].flatMap((project) => project.hooks).filter((hook) => hook.url === url);
    for (const { token, signingToken } of hooks) note(carried, { token, signingToken });
    for (const label of ['AWSCURRENT', 'AWSPENDING'] as const)
      for (const tokens of tokensIn(secretsNow.valueOf(secret, label))) note(counted, tokens);
  };

  const judgeDoor = async (one: Door): Promise<string[]> => {
    const held = await heldBy(one);
    const accepts = (tokens: Tokens): boolean => {
      asked += 1;
      return passed(held, tokens, { version: gitlab.instance.version, at: new Date(now()) });
    };
    const due = [...carried.values()].filter(({ last }) => last >= now() - underWay);
    const retired = [...counted.values()].filter(({ last }) => last < now() - maxAge - slack);
    return [
      ...due.filter(({ tokens }) => !accepts(tokens)).map(() => `an authentic event refused: ${one.name}`),
      ...retired.filter(({ tokens }) => accepts(tokens)).map(() => `a retired value accepted: ${one.name}`),
    ];
  };

  return {
    openDoor: async (name) => {
      const opened = door(world, name);
      doors.push(opened);
      await heldBy(opened);
    },
    openSlowDoor: (name) => {
      doors.push(slowDoor(world, name, slowRead));
    },
    look: async () => {
      noteAll(secrets);
      const open = [...doors.filter((one) => one.open()), door(world, 'a cold door')];
      return (await Promise.all(open.map(judgeDoor))).flat();
    },
    receive: async (hook) => {
      const [first] = doors;
      if (first === undefined) throw new Error('no door is open');
      // GitLab signs with the real time, never the world's.
      await gitlabHook(first.source, () => new Date())(hook);
    },
    asked: () => asked,
  };
};
