import * as z from 'zod/mini';
import {
  isEcrHost,
  isRepository,
  isTag,
  isTagTemplate,
  placeholders,
  splitImageName,
} from '../../domain/image-reference.ts';
import type { CopyRule } from '../../domain/target.ts';

/** The part of a target's document that says which image, and how it comes into this account's ECR. */

const text = (fits: (value: string) => boolean, message: string) => z.string().check(z.refine(fits, message));

/** A pattern's `*` aside, whole names by OCI's grammar. */
export const registryRepository = text(isRepository, 'must be a path in the registry, lower case, without its host');

const image = z.string().check(
  z.superRefine((name: string, context: z.core.$RefinementCtx<string>) => {
    const problem = imageProblem(name);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: name });
  }),
);

const imageProblem = (name: string): string | undefined => {
  const parts = splitImageName(name);
  if (parts === undefined) return 'must be <host>/<repository>:<tag>, with placeholders only in the tag';
  const unknown = [...parts.tag.matchAll(/\{([^}]*)\}/g)].map(([, key]) => key ?? '');
  const bad = unknown.find((key) => !(placeholders as readonly string[]).includes(key));
  if (bad !== undefined) return `knows no placeholder but {${placeholders.join('} {')}}`;
  return isTagTemplate(parts.tag) ? undefined : 'its tag, once filled in, must be an OCI tag';
};

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const ecrRepository = text(
  (name) => name.length >= 2 && name.length <= 256 && isRepository(name),
  "must be the name of an ECR repository, without the registry's host",
);

const copyFields = {
  ecr_repository: z.optional(ecrRepository),
  also_tag: z.optional(z.array(text(isTag, 'must be a tag')).check(z.maxLength(10))),
  create_repository: z.optional(z.literal(true)),
  copy_signatures: z.optional(z.enum(['best-effort', 'required'])),
  max_image_gib: z.optional(z.int().check(z.gte(1), z.lte(500))),
};

export const imageFields = {
  image: z.optional(image),
  ...copyFields,
  unprotected_refs: z.optional(z.literal(true)),
  unprotected_tags: z.optional(z.literal(true)),
};

/** What a document says of its image, each field already good by itself. */
export type ImageFields = z.output<z.ZodMiniObject<typeof imageFields>>;
export type Problem = { field: keyof ImageFields; why: string };

/** `given` only where it has no meaning: what ops wrote there would do nothing. */
const idle = (fields: ImageFields, names: readonly (keyof ImageFields)[], why: string): Problem[] =>
  names.filter((field) => fields[field] !== undefined).map((field) => ({ field, why }));

const needed = (fields: ImageFields, field: keyof ImageFields, why: string): Problem[] =>
  fields[field] === undefined ? [{ field, why }] : [];

/** What does not fit each other. `registry`: the host of this account's ECR. `waitsForImage`: its trigger is `on.image`. */
export const imageProblems = (
  fields: ImageFields,
  { registry, waitsForImage }: { registry: string; waitsForImage: boolean },
): Problem[] => {
  if (waitsForImage)
    return [
      ...idle(fields, ['image'], 'is named by on.image already'),
      ...idle(fields, ['unprotected_refs'], 'is for targets that wait for a pipeline or a job'),
      ...needed(fields, 'ecr_repository', 'must say where in ECR the pushed image is copied to'),
    ];
  const tags = idle(fields, ['unprotected_tags'], 'is for targets that wait for an image');
  if (fields.image === undefined) return [...tags, ...needed(fields, 'image', 'must be there, unless on.image is')];
  return [...tags, ...hostProblems(fields, splitImageName(fields.image)?.host ?? '', registry)];
};

const hostProblems = (fields: ImageFields, host: string, registry: string): Problem[] => {
  if (host === registry)
    return idle(
      fields,
      Object.keys(copyFields) as (keyof typeof copyFields)[],
      'is for images that are not in ECR yet',
    );
  if (isEcrHost(host))
    return [{ field: 'image', why: `its host must be this account's ECR, ${registry}, or GitLab's registry` }];
  return needed(
    fields,
    'ecr_repository',
    `must say where the image is copied to: it is not in this account's ECR, ${registry}`,
  );
};

/** How the image comes into ECR; undefined when it is there already. */
export const copyRuleOf = (fields: ImageFields): CopyRule | undefined =>
  fields.ecr_repository === undefined
    ? undefined
    : {
        repository: fields.ecr_repository,
        alsoTag: fields.also_tag ?? [],
        createRepository: fields.create_repository ?? false,
        signatures: fields.copy_signatures ?? 'best-effort',
        maxImageGib: fields.max_image_gib ?? 50,
      };
