import * as z from 'zod/mini';
import type { Told } from '../../ports/gitlab-deployments.ts';
import { asked, type Tell } from './telling-call.ts';

const environments = z.array(z.object({ id: z.int(), external_url: z.nullish(z.string()) }));

/** Has the environment show this address, if it shows another. https://docs.gitlab.com/api/environments/ */
export const showAddress = async (
  tell: Tell,
  { project, environment, url }: { project: number; environment: string; url: string },
): Promise<Told<undefined>> => {
  const path = `/api/v4/projects/${project}/environments`;
  const about = `an environment of project ${project}`;
  const errand = { method: 'GET', path: `${path}?name=${encodeURIComponent(environment)}`, about } as const;
  const found = await asked(tell, errand, environments);
  if (found.state === 'refused') return found;
  const [one] = found.value;
  if (one !== undefined && one.external_url !== url) {
    const told = await tell({ method: 'PUT', path: `${path}/${one.id}`, about, body: { external_url: url } });
    if (told.state === 'refused') return told;
  }
  return { state: 'done', value: undefined };
};
