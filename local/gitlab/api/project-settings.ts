import type { GitlabWorld } from '../world.ts';
import { maintainedProject, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';

const variableView = (key: string) => ({
  variable_type: 'env_var',
  key,
  value: `the value of ${key}`,
  hidden: false,
  protected: true,
  masked: true,
  raw: false,
  environment_scope: '*',
  description: null,
});

/** To maintainers, with their values. https://docs.gitlab.com/api/project_level_variables/ */
export const listVariables =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, maintainedProject(world, call).variables, variableView);

const environmentView = (name: string) => ({
  name,
  deploy_access_levels: [{ id: 1, access_level: 40, access_level_description: 'Maintainers' }],
  required_approval_count: 0,
  approval_rules: [],
});

/** https://docs.gitlab.com/api/protected_environments/ */
export const listProtectedEnvironments =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, maintainedProject(world, call).protectedEnvironments, environmentView);
