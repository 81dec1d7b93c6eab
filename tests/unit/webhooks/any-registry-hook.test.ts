import fc from 'fast-check';
import { Rejection } from '../../../lib/domain/failure.ts';
import { manifestTypes } from '../../../lib/domain/image-manifest.ts';
import { readRegistryHook } from '../../../lib/webhooks/read-registry-hook.ts';
import { registryHook } from '../../../lib/webhooks/verify-registry-hook.ts';
import { fuzzLimit, fuzzRuns } from '../../support/fuzz.ts';
import { digest } from '../../support/samples.ts';
import { envelopeOf, pushEvent } from './registry-events.ts';
import { hook, plain } from './signed-hook.ts';

/** Whatever anybody sends to the registry's door: a value or a Rejection, never another error. */

const registryToken = 'sample-registry-token-0123456789abcdef';
const right = `Bearer ${registryToken}`;

const header = fc.oneof(
  { weight: 1, arbitrary: fc.constant(right) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(right.length), fc.string({ maxLength: 2 }))
      .map(([at, put]) => right.slice(0, at) + put + right.slice(at)),
  },
);

test(
  'any hook at all passes by the right token, else it is refused',
  async () => {
    const versions = fc.constantFrom(
      [plain],
      [{ ...plain, registryToken }],
      [plain, { ...plain, registryTokenNext: registryToken }],
    );
    await fc.assert(
      fc.asyncProperty(header, versions, fc.string(), async (authorization, secrets, body) => {
        const knows = secrets.length > 1 || secrets[0] !== plain;
        const source = { cached: () => Promise.resolve(secrets), fresh: () => Promise.resolve(secrets) };
        const outcome = await registryHook(source)(hook({ authorization }, body)).then(
          () => 'passed',
          (error: unknown) => (error instanceof Rejection ? error.kind : `another error: ${String(error)}`),
        );
        if (outcome !== (knows && authorization === right ? 'passed' : 'refused')) throw new Error(outcome);
      }),
      fuzzRuns,
    );
  },
  fuzzLimit,
);

const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(undefined),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '..',
    'acme//web',
    'acme/../web',
    'v1\n',
    '\u001b[2J',
    `${digest}\n`,
    '__proto__',
    'push',
    ...manifestTypes,
  ),
);
const change = fc.dictionary(fc.constantFrom('id', 'timestamp', 'action', 'target', 'actor'), leaf, { maxKeys: 2 });
const targetChange = fc.dictionary(fc.constantFrom('mediaType', 'repository', 'tag', 'digest', 'url'), leaf, {
  maxKeys: 2,
});
const almostPush = fc.tuple(change, targetChange).map(([outer, inner]) => pushEvent(outer, inner));
const body = fc.oneof(
  leaf,
  fc.array(fc.oneof(leaf, almostPush), { maxLength: 4 }).map((events) => envelopeOf(...events)),
);

/** What may go on to URLs, names and logs. */
const safe = {
  repository: /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
  tag: /^\w[\w.-]{0,127}$/,
  digest: /^sha256:[0-9a-f]{64}$/,
  event: /^[\w.:-]{1,128}$/,
  pushedAt: /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};

test(
  'any body at all is read as pushes whose every field is safe, or is unreadable',
  () => {
    fc.assert(
      fc.property(body, (sent) => {
        try {
          const { pushes, unreadable } = readRegistryHook(sent);
          for (const push of pushes)
            for (const [field, grammar] of Object.entries(safe))
              // `$` alone would let a line's end pass
              if (!grammar.test(push[field as keyof typeof safe]) || push[field as keyof typeof safe].includes('\n'))
                throw new Error(`${field} is ${JSON.stringify(push)}`);
          if (unreadable.some((reason) => reason.length > 200)) throw new Error(unreadable.join());
        } catch (error) {
          if (!(error instanceof Rejection && error.kind === 'unreadable')) throw error;
        }
      }),
      fuzzRuns,
    );
  },
  fuzzLimit,
);
