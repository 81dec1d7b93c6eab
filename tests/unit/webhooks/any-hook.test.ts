import fc from 'fast-check';
import { Rejection } from '../../../lib/domain/failure.ts';
import { readPipelineHook } from '../../../lib/webhooks/read-pipeline-hook.ts';
import { gitlabHook } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { fuzzLimit, fuzzRuns } from '../../support/fuzz.ts';
import { attributes, job, pipeline } from './hook-bodies.ts';
import { hook, now, plain, signed, signing, token, withHeaders } from './signed-hook.ts';

/** Whatever anybody sends: a value or a Rejection, never another error. What is planned from it: plan-deployments.test.ts. */

const named = (error: unknown): string =>
  error instanceof Rejection ? `Rejection: ${error.kind}` : `another error: ${String(error)}`;

const binary = fc.string({ unit: 'binary', maxLength: 8 });
const signatureHeader = fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature');
const header = fc.oneof(signatureHeader, fc.constant('x-gitlab-token'));
const strange = fc
  .tuple(fc.dictionary(header, fc.oneof(binary, fc.constant(token))), binary)
  .map(([headers, body]) => hook(headers, body));
const almostSigned = fc.tuple(signatureHeader, binary).map(([name, value]) => withHeaders(signed(), { [name]: value }));

test(
  'any hook at all passes by the right token, else it is refused',
  async () => {
    const secrets = fc.constantFrom([plain], [signing], [signing, plain]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(strange, almostSigned), secrets, async (raw, versions) => {
        const right = raw.headers['x-gitlab-token'] === token && versions.some((version) => version === plain);
        const source = { cached: () => Promise.resolve(versions), fresh: () => Promise.resolve(versions) };
        const outcome = await gitlabHook(source, () => now)(raw).then(() => 'passed', named);
        if (outcome !== (right ? 'passed' : 'Rejection: refused')) throw new Error(outcome);
      }),
      fuzzRuns,
    );
  },
  fuzzLimit,
);

const read = (body: unknown): string => {
  try {
    return readPipelineHook(body).kind;
  } catch (error) {
    return named(error);
  }
};

const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined), fc.string(), fc.integer());
const shaped = fc.record(
  { object_kind: fc.constantFrom('pipeline', 'build', 'push'), object_attributes: leaf, project: leaf },
  { requiredKeys: ['object_kind'] },
);
const almostPipeline = fc
  .tuple(fc.constantFrom(...Object.keys(attributes)), leaf)
  .map(([field, value]) => pipeline({ [field]: value }));
const almostJob = fc
  .tuple(fc.constantFrom(...Object.keys(job())), leaf)
  .map(([field, value]) => job({ [field]: value }));

test(
  'any body at all is read as a pipeline or a job, or ignored',
  () => {
    fc.assert(
      fc.property(fc.oneof(leaf, shaped, almostPipeline, almostJob), (body) => {
        const outcome = read(body);
        if (!['pipeline', 'job', 'Rejection: ignored', 'Rejection: unreadable'].includes(outcome))
          throw new Error(outcome);
      }),
      fuzzRuns,
    );
  },
  fuzzLimit,
);
