import { config } from 'zod/mini';
import { en } from 'zod/locales';
import { readTarget } from '../lib/adapters/aws/target-document.ts';
import { ecrHost, isEcrHost, splitImageName } from '../lib/domain/image-reference.ts';
import { allOutside, type StackBounds } from '../lib/domain/stack-bounds.ts';
import { targetLabel, type Target } from '../lib/domain/target.ts';
import { rivalProblems, type ReadTarget } from './rivals.ts';
import { fieldsOf } from './target-fields.ts';
import { readTargetFile, type FileTarget, type TargetFile } from './target-file.ts';
import type { ReadFile } from './target-store.ts';

// The Lambdas leave zod's sentences out of their bundles; ops are to read them.
config(en());

export interface CheckedFiles {
  targets: FileTarget[];
  /** `<file>: <target>: <field>: <why>`; never a value of the document */
  problems: string[];
}

// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const largest = 4096; // bytes of a standard parameter

/** What Parameter Store keeps of a target. */
export const documentText = ({ document }: FileTarget): string => JSON.stringify(document);

/** The registry to hold images against; without bounds any account's ECR will do. */
const registryFor = ({ document }: FileTarget, bounds: StackBounds | undefined): string => {
  if (bounds !== undefined) return ecrHost(bounds.account, bounds.region);
  const { image } = (document ?? {}) as { image?: unknown };
  const host = typeof image === 'string' ? splitImageName(image)?.host : undefined;
  return host !== undefined && isEcrHost(host) ? host : ecrHost('<account>', '<region>');
};

const boundsProblems = (target: Target, bounds: StackBounds): string[] => {
  const { cluster, service, image = '', copy, strategy } = target;
  const repository = copy?.repository ?? splitImageName(image)?.repository ?? '';
  const swap = strategy.type === 'blue-green' ? strategy.swap : undefined;
  return allOutside(bounds, { cluster, service, repository, swap }).map(({ part, resource }) =>
    part === 'retire'
      ? `strategy.retire: this stack does not have ${resource}`
      : `${fieldsOf(target)[part]}: this stack may not touch ${resource}`,
  );
};

type Judged = { problems: string[] } | { target: Target };

const judge = (target: FileTarget, bounds: StackBounds | undefined): Judged => {
  const text = documentText(target);
  const size = Buffer.byteLength(text);
  if (size > largest) return { problems: [`the document: is ${size} bytes; Parameter Store takes ${largest}`] };
  const read = readTarget(target.id, text, registryFor(target, bounds));
  if ('problems' in read || bounds === undefined) return read;
  const problems = boundsProblems(read.target, bounds);
  return problems.length > 0 ? { problems } : read;
};

const readOne = async (readFile: ReadFile, file: string): Promise<TargetFile> => {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    return { targets: [], problems: [`${file}: cannot be read (${code})`] };
  }
  return readTargetFile(file, text);
};

/** A target that two files name: the later one would silently win. */
const twice = (targets: readonly FileTarget[]): string[] => {
  const seen = new Map<string, string>();
  return targets.flatMap(({ file, id }) => {
    const label = targetLabel(id);
    const earlier = seen.get(label);
    seen.set(label, earlier ?? file);
    return earlier === undefined ? [] : [`${file}: ${id.name}: is in ${earlier} already, for the same project`];
  });
};

/** Everything that is wrong with the files, all at once. With bounds also what the stack may not touch. */
export const checkFiles = async (
  readFile: ReadFile,
  files: readonly string[],
  bounds: StackBounds | undefined,
): Promise<CheckedFiles> => {
  const read = await Promise.all(files.map((file) => readOne(readFile, file)));
  const targets = read.flatMap((one) => one.targets);
  const wrong: string[] = [];
  const good: ReadTarget[] = [];
  for (const target of targets) {
    const { file, id } = target;
    const judged = judge(target, bounds);
    if ('target' in judged) good.push({ file, target: judged.target });
    else wrong.push(...judged.problems.map((problem) => `${file}: ${id.name}: ${problem}`));
  }
  const fileProblems = read.flatMap(({ problems }) => problems);
  return { targets, problems: [...fileProblems, ...twice(targets), ...wrong, ...rivalProblems(good)] };
};
