import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of others: a real registry, and clients of registries. */
export const programs = ['docker-registry', 'skopeo', 'crane'] as const;
export type Program = (typeof programs)[number];

/** How to get them, for people; CI does the same (`.ci/run`). */
export const howToGet =
  'apt-get install docker-registry skopeo; GOBIN=$PWD/.rehearsal/bin go install github.com/google/go-containerregistry/cmd/crane@v0.20.6';

/** What the documents' commands need beside AWS's CLI. */
export const readersPrograms = ['jq', 'openssl'] as const;

/** How to get these. */
export const howToGetReaders = 'apt-get install jq openssl';

const ours = join(import.meta.dirname, '..', '.rehearsal', 'bin');

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where it is, in `.rehearsal/bin` or on the PATH; undefined when it is nowhere. */
const find = (program: string): string | undefined =>
  [ours, ...(process.env.PATH ?? '').split(delimiter)].map((folder) => join(folder, program)).find(isProgram);

export const missingPrograms = (): Program[] => programs.filter((program) => find(program) === undefined);

export const missingReaders = (): string[] => readersPrograms.filter((program) => find(program) === undefined);

/** Where the program is. Raises, and says how to get it. */
export const programAt = (program: Program): string => {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is not installed: ${howToGet}`);
  return path;
};
