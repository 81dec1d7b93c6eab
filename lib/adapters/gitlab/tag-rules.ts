import { RE2JS } from 're2js';
import * as z from 'zod/mini';
import type { Answer } from '../../ports/gitlab.ts';
import type { Ask } from './gitlab-call.ts';

const protecting = z.array(z.object({ tag_name_pattern: z.string() }));

const nodes = z.array(z.object({ tagNamePattern: z.string() }));
const all = z.object({
  data: z.nullish(
    z.object({ project: z.nullish(z.object({ containerProtectionTagRules: z.nullish(z.object({ nodes })) })) }),
  ),
});

// What makes tags immutable is not in REST's list, and its levels are null, which GraphQL's type forbids in older versions.
const query =
  'query($fullPath: ID!) { project(fullPath: $fullPath) { containerProtectionTagRules { nodes { tagNamePattern } } } }';

/**
 * Whether a rule's pattern covers the tag: RE2, found anywhere in it, as GitLab and its registry match. JavaScript's own
 * expressions mean other things by the same text, and some run for ever. What is no RE2 covers nothing.
 * https://docs.gitlab.com/user/packages/container_registry/protected_container_tags/
 */
export const coversTag = (pattern: string, tag: string): boolean => {
  try {
    return RE2JS.compile(pattern).matcher(tag).find();
  } catch {
    return false;
  }
};

/**
 * Whether one of the project's rules protects the tag, or makes it immutable. REST tells of the first kind, since 18.7
 * and to Maintainers (403); GraphQL of both.
 * https://docs.gitlab.com/api/container_registry_protection_tag_rules/
 */
export const tagProtected = async (
  ask: Ask,
  { id, path }: { id: number; path: string },
  tag: string,
): Promise<Answer<boolean>> => {
  const rest = { path: `/v4/projects/${id}/registry/protection/tag/rules`, missing: [403, 404] };
  const rules = await ask(rest, protecting);
  if (rules.state !== 'found') return rules;
  if (rules.value.some(({ tag_name_pattern: pattern }) => coversTag(pattern, tag)))
    return { state: 'found', value: true };
  const answer = await ask({ path: '/graphql', body: { query, variables: { fullPath: path } } }, all);
  if (answer.state !== 'found') return answer;
  const shown = answer.value.data?.project?.containerProtectionTagRules?.nodes ?? [];
  return { state: 'found', value: shown.some(({ tagNamePattern }) => coversTag(tagNamePattern, tag)) };
};
