import { createHash } from 'node:crypto';

/** How a repository is named in the index: a path's slashes and its length would not all fit a parameter's name. 64 of 0-9a-f. */
export const repositoryKey = (repository: string): string => createHash('sha256').update(repository).digest('hex');
