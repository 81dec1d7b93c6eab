import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { defaultSources, type Target, type TargetId, type Trigger } from '../../domain/target.ts';
import { feedbackFields, feedbackOf, feedbackProblems } from './target-feedback.ts';
import { copyRuleOf, imageFields, imageProblems, registryRepository } from './target-image.ts';
import { ecsName, strategy, strategyOf, strategyProblems } from './target-strategy.ts';

// zod/mini brings no messages of its own; without them every problem reads "Invalid input".
z.config(en());

const name = z.string().check(z.regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/));
const text = z.string().check(z.minLength(1), z.maxLength(255));
const sources = z.optional(z.array(text).check(z.minLength(1)));

const on = z.union([
  z.strictObject({ pipeline: z.strictObject({ ref: text, sources }) }),
  z.strictObject({ job: z.strictObject({ name: text, ref: text, sources }) }),
  z.strictObject({ tag: z.strictObject({ pattern: text, sources }) }),
  z.strictObject({ image: z.strictObject({ repository: registryRepository, tag: text }) }),
]);

const fields = z.strictObject({
  on,
  ...imageFields,
  cluster: ecsName,
  service: ecsName,
  containers: z.array(text).check(z.minLength(1), z.maxLength(10)),
  strategy,
  ...feedbackFields,
});

type Document = z.output<typeof fields>;

const documentIn = (registry: string) =>
  fields.check(
    z.superRefine((document: Document, context: z.core.$RefinementCtx<Document>) => {
      const ofImage = imageProblems(document, { registry, waitsForImage: 'image' in document.on });
      const ofStrategy = strategyProblems(document.strategy, document.service);
      const problems = [
        ...[...ofImage, ...feedbackProblems(document)].map(({ field, why }) => ({ path: [field], message: why })),
        ...ofStrategy.map(({ path, why }) => ({ path: ['strategy', ...path], message: why })),
      ];
      for (const problem of problems) context.addIssue({ code: 'custom', ...problem, input: document });
    }),
  );

const triggerOf = (trigger: Document['on']): Trigger => {
  if ('pipeline' in trigger) {
    const { ref, sources: named } = trigger.pipeline;
    return { kind: 'pipeline', ref, sources: named ?? defaultSources };
  }
  if ('job' in trigger) {
    const { name: job, ref, sources: named } = trigger.job;
    return { kind: 'job', job, ref, sources: named ?? defaultSources };
  }
  if ('image' in trigger) return { kind: 'image', ...trigger.image };
  return { kind: 'tag', pattern: trigger.tag.pattern, sources: trigger.tag.sources ?? defaultSources };
};

const optionalParts = (document: Document): Partial<Target> => {
  const copy = copyRuleOf(document);
  return {
    ...(document.image === undefined ? {} : { image: document.image }),
    ...(copy === undefined ? {} : { copy }),
    ...feedbackOf(document),
    ...(document.unprotected_refs === undefined ? {} : { unprotectedRefs: true }),
    ...(document.unprotected_tags === undefined ? {} : { unprotectedTags: true }),
  };
};

const targetOf = ({ project, name: targetName }: TargetId, document: Document): Target => ({
  project,
  name: targetName,
  on: triggerOf(document.on),
  ...optionalParts(document),
  cluster: document.cluster,
  service: document.service,
  containers: document.containers,
  strategy: strategyOf(document.strategy, document.service),
});

const sentence = ({ path, message }: { path: PropertyKey[]; message: string }): string =>
  `${path.map(String).join('.') || 'the document'}: ${message}`;

/** Every problem of a union lies in one of its branches: the branch that came furthest is the one that was meant. */
const flatten = (issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const meant = issue.errors.filter((branch) => branch.some(({ path }) => path.length > 1));
  if (meant.length !== 1) return [{ path: issue.path, message: 'must be one of pipeline, job, tag, image' }];
  return (meant[0] ?? []).flatMap(flatten).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** Reads a target's JSON document. Problems name fields and say why; they never quote a value of the document's own. */
export const readTarget = (
  id: TargetId,
  json: string,
  registry: string,
): { target: Target } | { problems: string[] } => {
  if (!name.safeParse(id.name).success) {
    return { problems: ['its name: must be 1 to 40 of a-z, 0-9 and dashes, no dash at either end'] };
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problems: ['the document: is not JSON'] };
  }
  const result = documentIn(registry).safeParse(value);
  if (result.success) return { target: targetOf(id, result.data) };
  return { problems: result.error.issues.flatMap(flatten).map(sentence) };
};
