import { reaches, roles } from '../access-tokens.ts';
import type { AccessToken } from '../credentials.ts';
import type { GitlabWorld, Job, Pipeline, Project } from '../world.ts';

/** One request to the API, after routing and login. */
export interface ApiCall {
  /** from the path, decoded */
  params: Record<string, string>;
  query: URLSearchParams;
  /** JSON or form fields */
  body: Record<string, unknown>;
  /** the access token that it came with */
  token: AccessToken;
}

export interface ApiAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type ApiHandler = (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>;

/** GitLab's own refusals: `{"message": …}` from its code, `{"error": …}` from its parameter checks, its router and
 * its token checks. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly answer: ApiAnswer;

  constructor(
    status: number,
    body: { message: unknown } | { error: string; error_description?: string; scope?: string },
    headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(body));
    this.answer = { status, body, headers };
  }
}

export const notFound = (what?: string): ApiError =>
  new ApiError(404, { message: what === undefined ? '404 Not found' : `404 ${what} Not Found` });

export const param = ({ params }: ApiCall, name: string): string => params[name] ?? '';

export const integerParam = (call: ApiCall, name: string): number => {
  const text = param(call, name);
  if (!/^\d+$/.test(text)) throw new ApiError(400, { error: `${name} is invalid` });
  return Number(text);
};

/** By its number or its URL-encoded path; what the token's user may not see is not there. */
export const projectOf = (world: GitlabWorld, call: ApiCall): Project => {
  const id = param(call, 'id');
  const found = /^\d+$/.test(id)
    ? world.projects.get(Number(id))
    : [...world.projects.values()].find(({ path }) => path === id);
  if (found === undefined || !reaches(call.token, found.path)) throw notFound('Project');
  return found;
};

/** A project of which the token's user is a maintainer: its hooks, and the rules of its registry's tags. */
export const maintainedProject = (world: GitlabWorld, call: ApiCall): Project => {
  const project = projectOf(world, call);
  if (call.token.accessLevel < roles.maintainer) throw new ApiError(403, { message: '403 Forbidden' });
  return project;
};

/** Replicas may lag: an event can arrive before the API knows its pipeline (https://gitlab.com/gitlab-org/gitlab/-/issues/28461). */
export const isKnown = (world: GitlabWorld, pipeline: Pipeline): boolean => pipeline.apiKnowsAt <= world.clock.now();

export const pipelineOf = (world: GitlabWorld, call: ApiCall): Pipeline => {
  const id = integerParam(call, 'pipeline_id');
  const found = projectOf(world, call).pipelines.find((pipeline) => pipeline.id === id);
  if (found === undefined || !isKnown(world, found)) throw notFound();
  return found;
};

export const jobOf = (world: GitlabWorld, call: ApiCall): Job => {
  const id = integerParam(call, 'job_id');
  const known = projectOf(world, call).pipelines.filter((pipeline) => isKnown(world, pipeline));
  const found = known.flatMap(({ jobs }) => jobs).find((job) => job.id === id);
  if (found === undefined) throw notFound();
  return found;
};
