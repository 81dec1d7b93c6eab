import { roles } from '../access-tokens.ts';
import { apiDate } from '../dates.ts';
import type { Environment, GitlabWorld } from '../world.ts';
import { ApiError, integerParam, notFound, projectOf, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';

/** https://docs.gitlab.com/api/environments/ */

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 24);

export const environmentView = ({ id, name, externalUrl, createdAt }: Environment) => ({
  id,
  name,
  slug: slugOf(name),
  external_url: externalUrl,
  state: 'available',
  tier: name.startsWith('production') ? 'production' : 'other',
  created_at: apiDate(createdAt),
  updated_at: apiDate(createdAt),
});

export const listEnvironments =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const name = call.query.get('name');
    const found = projectOf(world, call).environments.filter((one) => name === null || one.name === name);
    return paged(call, found, environmentView);
  };

export const updateEnvironment =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = projectOf(world, call);
    if (call.token.accessLevel < roles.developer) throw new ApiError(403, { message: '403 Forbidden' });
    const id = integerParam(call, 'environment_id');
    const found = project.environments.find((one) => one.id === id);
    if (found === undefined) throw notFound('Environment');
    const url = call.body['external_url'];
    if (typeof url !== 'string' || !URL.canParse(url))
      throw new ApiError(400, { message: { external_url: ['must be a valid URL'] } });
    found.externalUrl = url;
    return { status: 200, body: environmentView(found) };
  };
