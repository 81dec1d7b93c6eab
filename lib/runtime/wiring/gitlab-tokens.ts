import { gitlabTokens as gitlabTokensOf } from '../../adapters/gitlab/gitlab-tokens.ts';
import type { GitlabTokens } from '../../ports/gitlab-tokens.ts';
import { manager } from './manager.ts';

export const gitlabTokens = (): GitlabTokens => gitlabTokensOf(manager());
