import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runChild } from '../../local/children.ts';

export interface Statement {
  Effect?: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

export interface Resource {
  Type: string;
  DeletionPolicy?: string;
  Properties: Record<string, unknown>;
}

/** A packaged stack's resources by their logical names. */
export type Resources = Record<string, Resource>;

const project = join(import.meta.dirname, '..', '..');
const bin = join(project, 'node_modules', '.bin');

/** Packages what ops would deploy into a new folder; answers the template's path. No endpoint answers on that port: a call to AWS would fail. */
export const packageStack = async (to: string, args: string[]): Promise<string> => {
  await runChild(join(bin, 'serverless'), ['package', '--package', to, ...args], {
    env: { PATH: `${bin}:${String(process.env.PATH)}`, HOME: dirname(to), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    cwd: project,
  });
  return join(to, 'cloudformation-template-update-stack.json');
};

export const resourcesOf = (path: string): Resources =>
  (JSON.parse(readFileSync(path, 'utf8')) as { Resources: Resources }).Resources;
