import type { TargetId } from '../lib/domain/target.ts';
import { readJson } from './json-text.ts';

/** A target as it stands in a file; its document is not yet checked. */
export interface FileTarget {
  file: string;
  id: TargetId;
  document: unknown;
}

export interface TargetFile {
  targets: FileTarget[];
  /** `<file>: <where>: <why>` */
  problems: string[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shape = '{ "project": <id>, "targets": { "<name>": { … } } }';

const shapeProblems = (value: Record<string, unknown>): string[] => {
  const { project, targets, ...others } = value;
  return [
    ...(Number.isSafeInteger(project) && Number(project) > 0
      ? []
      : ["project: must be GitLab's numeric id of the project"]),
    ...(isRecord(targets) ? [] : ['targets: must hold a target for each name']),
    ...Object.keys(others).map((key) => `${key}: is not known; a file is ${shape}`),
  ];
};

/** Reads one file of targets: `{ "project": 4711, "targets": { "<name>": { …the document… } } }`. */
export const readTargetFile = (file: string, text: string): TargetFile => {
  const failed = (problems: string[]): TargetFile => ({
    targets: [],
    problems: problems.map((problem) => `${file}: ${problem}`),
  });
  const read = readJson(text);
  if ('problems' in read) return failed(read.problems);
  if (!isRecord(read.value)) return failed([`the file must be ${shape}`]);
  const problems = shapeProblems(read.value);
  if (problems.length > 0) return failed(problems);
  const project = Number(read.value['project']);
  const named = Object.entries(read.value['targets'] as Record<string, unknown>);
  return { problems: [], targets: named.map(([name, document]) => ({ file, id: { project, name }, document })) };
};
