import { z } from 'zod';

/** What the verbs about access tokens take. */

const day = z.iso.date();

export const tokenInputs = {
  /** of a project (id or path) or a group (path), else a person's own. Default: scope api, maintainer, as long as may be */
  createAccessToken: z.strictObject({
    project: z.union([z.int(), z.string()]).optional(),
    group: z.string().optional(),
    name: z.string().optional(),
    scopes: z.array(z.string()).optional(),
    accessLevel: z.int().optional(),
    /** null: without an end */
    expiresAt: day.nullable().optional(),
  }),
  /** default: today, so that it has expired */
  expireAccessToken: z.strictObject({ id: z.int(), on: day.optional() }),
  revokeAccessToken: z.strictObject({ id: z.int() }),
  /** what GitLab does by itself some days before a project's token ends */
  warnOfExpiry: z.strictObject({ id: z.int() }),
  accessTokens: z.strictObject({}),
  deployTokens: z.strictObject({}),
  tokenValues: z.strictObject({}),
} as const;
