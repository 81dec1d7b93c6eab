import { RE2JS } from 're2js';

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
