import { z } from 'zod';

/** What the verbs about the container registry take. */

const project = z.union([z.int(), z.string()]);
const level = z.enum(['maintainer', 'owner', 'admin']);
const headers = z.record(z.string(), z.string());

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('error'), status: z.int().min(400).max(599) }),
  z.strictObject({ kind: z.literal('rate limit'), retryAfter: z.number() }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('slow'), seconds: z.number() }),
  z.strictObject({ kind: z.literal('cut'), at: z.union([z.int().min(0), z.literal('random')]) }),
  z.strictObject({ kind: z.literal('stall'), at: z.int().min(0).optional() }),
  z.strictObject({ kind: z.literal('ignore range') }),
  z.strictObject({ kind: z.literal('wrong bytes') }),
  z.strictObject({ kind: z.literal('other length'), by: z.int(), undeclared: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('expired link') }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string() }),
  z.strictObject({ kind: z.literal('challenge'), realm: z.string() }),
  z.strictObject({ kind: z.literal('media type'), mediaType: z.string() }),
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int(),
    headers: headers.optional(),
    body: z.string().optional(),
  }),
]);

/** ImageBehaviour of the fleet: what it does not know there, it refuses there */
const behaviour = z.looseObject({ does: z.string() });

export const registryInputs = {
  pushImage: z.strictObject({
    repository: z.string(),
    tag: z.string().optional(),
    /** what its bytes follow from; default: a new image each time */
    seed: z.string().optional(),
    layers: z.array(z.strictObject({ size: z.int().min(1), seed: z.string().optional() })).optional(),
    platforms: z
      .array(z.strictObject({ os: z.string(), architecture: z.string() }))
      .min(1)
      .optional(),
    labels: z.record(z.string(), z.string()).optional(),
    behaviour: behaviour.optional(),
    attestations: z.boolean().optional(),
    /** cosign's, under `sha256-<hex>.sig` */
    signature: z.boolean().optional(),
    /** a bill of materials: by the referrers API, and where that is off under the tag `sha256-<hex>` */
    referrer: z.boolean().optional(),
  }),
  /** a manifest as it is, unchecked */
  putRegistryManifest: z.strictObject({
    repository: z.string(),
    tag: z.string().optional(),
    mediaType: z.string(),
    body: z.string(),
  }),
  /** by digest or tag */
  deleteImage: z.strictObject({ repository: z.string(), reference: z.string() }),
  createDeployToken: z.strictObject({ project, write: z.boolean().optional() }),
  createJobToken: z.strictObject({ project }),
  protectRegistryTag: z.strictObject({
    project,
    pattern: z.string(),
    push: level.optional(),
    delete: level.optional(),
    immutable: z.boolean().optional(),
  }),
  unprotectRegistryTag: z.strictObject({ project, pattern: z.string() }),
  setRegistry: z.strictObject({
    tokenSeconds: z.number().optional(),
    linkSeconds: z.number().optional(),
    redirect: z.boolean().optional(),
    referrersApi: z.boolean().optional(),
  }),
  setRegistryFault: z.strictObject({
    route: z.string(),
    times: z.int().optional(),
    skip: z.int().optional(),
    rate: z.number().optional(),
    forSeconds: z.number().optional(),
    fault,
  }),
  clearRegistryFaults: z.strictObject({}),
  releaseRegistry: z.strictObject({}),
  registryRequests: z.strictObject({}),
  /** defaults as Omnibus GitLab's: 500 ms, 5 tries after the first, 1 s */
  registryNotifications: z.strictObject({
    name: z.string().optional(),
    url: z.string(),
    headers: headers.optional(),
    timeout: z.number().optional(),
    retries: z.union([z.int().min(0), z.literal('for ever')]).optional(),
    backoff: z.number().optional(),
    version: z.enum(['v1', 'v2']).optional(),
    ignore: z
      .strictObject({ mediaTypes: z.array(z.string()).optional(), actions: z.array(z.string()).optional() })
      .optional(),
  }),
  removeRegistryNotifications: z.strictObject({ name: z.string().optional() }),
  registryDeliveries: z.strictObject({}),
} as const;
