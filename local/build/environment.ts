import { load } from 'js-yaml';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Environment {
  environment?: Record<string, unknown>;
}

interface Serverless {
  params: { default: Record<string, unknown> };
  provider: Environment;
  functions: Record<string, Environment | null>;
}

/**
 * Harmless values for every variable that serverless.yml gives its functions, so that a bundle can be imported: plain
 * values and `${param:…}` as they are by default, a placeholder for what only CloudFormation knows: names, ARNs, a URL.
 */
export const importEnvironment = async (project: string): Promise<Record<string, string>> => {
  const { params, provider, functions } = load(await readFile(join(project, 'serverless.yml'), 'utf8')) as Serverless;
  const variables = [provider, ...Object.values(functions)].flatMap((holder) =>
    Object.entries(holder?.environment ?? {}),
  );
  const given = Object.fromEntries(variables.map(([name, value]) => [name, plainValue(value, params.default)]));
  // Lambda itself sets the region.
  return { ...given, AWS_REGION: 'us-gov-west-1' };
};

const plainValue = (value: unknown, defaults: Record<string, unknown>): string => {
  if (typeof value !== 'string' && typeof value !== 'number') return 'https://placeholder.invalid';
  const param = /^\$\{param:(\w+)\}$/.exec(String(value))?.[1];
  return String(param === undefined ? value : defaults[param]);
};
