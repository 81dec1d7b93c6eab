import * as z from 'zod/mini';

const schema = z.array(z.int().check(z.positive()));

/** The project ids of one entry of the repository index, or undefined when it is not a JSON list of such. */
export const readProjects = (json: string): readonly number[] | undefined => {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
};
