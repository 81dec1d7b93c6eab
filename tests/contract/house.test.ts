import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Who may import whom, and what may stand where: read from the import lines, so that no reviewer has to. */

type Files = ReadonlyMap<string, string>;

const root = join(import.meta.dirname, '..', '..');

/** For each room, in order: what its files may import, as the start of a project path or of a package's name. */
const rooms: readonly (readonly [room: string, may: readonly RegExp[]])[] = [
  ['lib/domain/', [/^lib\/domain\//, /^node:crypto$/]],
  ['lib/ports/', [/^lib\/(ports|domain)\//]],
  ['lib/webhooks/', [/^lib\/(webhooks|domain)\//, /^zod\/mini$/, /^node:crypto$/]],
  ['lib/app/', [/^lib\/(app|ports|domain)\//]],
  ['lib/adapters/aws/', [/^lib\/(adapters\/aws|ports|domain)\//, /^@aws-sdk\//, /^zod\//]],
  [
    'lib/adapters/registry/',
    [/^lib\/(adapters\/registry|ports|domain)\//, /^zod\//, /^node:(http|https|net|dns|stream|crypto)$/],
  ],
  [
    'lib/adapters/probe/',
    [
      /^lib\/(adapters\/probe|ports|domain)\//,
      /^lib\/adapters\/registry\/(address-rules|judged-agents)\.ts$/,
      /^node:(http|https|net)$/,
    ],
  ],
  ['lib/adapters/', [/^lib\/(adapters\/gitlab|ports|domain)\//, /^zod\//, /^re2js$/]],
  [
    'lib/runtime/',
    [
      /^lib\//,
      /^@aws-sdk\//,
      /^@aws-lambda-powertools\//,
      /^@middy\//,
      /^aws-lambda$/,
      /^zod\//,
      /^node:(crypto|timers\/promises)$/,
    ],
  ],
  ['functions/', [/^lib\/(runtime|app|webhooks)\//]],
  ['cli/aws/', [/^(cli|lib\/(app|adapters|ports|domain))\//, /^@aws-sdk\//, /^node:/, /^zod\//]],
  ['cli/', [/^(cli|lib\/(app|adapters|ports|domain))\//, /^node:/, /^commander$/, /^zod\//]],
];

const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(([, from]) => from ?? '');

const resolved = (file: string, from: string): string =>
  from.startsWith('.') ? normalize(join(dirname(file), from)) : from;

const importViolations = (file: string, text: string): string[] => {
  const may = rooms.find(([room]) => file.startsWith(room))?.[1];
  if (may === undefined) return [];
  return importsOf(text)
    .map((from) => resolved(file, from))
    .filter((from) => !may.some((pattern) => pattern.test(from)))
    .map((from) => `${file} may not import ${from}`);
};

const isProduct = (file: string): boolean => /^(lib|functions)\//.test(file);

const placeViolations = (file: string, text: string): string[] => {
  const found: string[] = [];
  if (/(^|\/)(utils|helpers|common|types)\//.test(file)) found.push(`${file}: a folder that says nothing`);
  if (/(^|\/)index\.ts$/.test(file)) found.push(`${file}: a barrel`);
  if (!/^[a-z0-9.-]+$/.test(file.slice(file.lastIndexOf('/') + 1))) found.push(`${file}: not in kebab case`);
  if (!isProduct(file)) return found;
  if (text.includes('process.env') && file !== 'lib/runtime/config.ts') found.push(`${file}: reads process.env`);
  if (/\bendpoint\s*:/.test(text)) found.push(`${file}: sets an endpoint`);
  if (file.startsWith('functions/') && text.trimEnd().split('\n').length > 15)
    found.push(`${file}: a door of more than 15 lines`);
  return found;
};

/** The files on a circle of imports, if there is one. */
const circles = (files: Files): string[] => {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      found.push(`a circle: ${[...way.slice(way.indexOf(file)), file].join(' > ')}`);
      return;
    }
    const text = files.get(file);
    if (text === undefined || done.has(file)) return;
    // A type is gone before anything runs.
    const values = text.replace(/^import type [^;]*;/gm, '');
    for (const from of importsOf(values)) walk(resolved(file, from), [...way, file]);
    done.add(file);
  };
  for (const file of files.keys()) walk(file, []);
  return found;
};

const violations = (files: Files): string[] => [
  ...[...files].flatMap(([file, text]) => [...importViolations(file, text), ...placeViolations(file, text)]),
  ...circles(files),
];

const read = (): Files => {
  const folders = ['lib', 'functions', 'local', 'cli'].filter((folder) => existsSync(join(root, folder)));
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const sources = names.filter((name) => name.endsWith('.ts'));
  return new Map(sources.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
};

test('the house is in order', () => {
  const files = read();
  expect(files.size).toBeGreaterThan(60);
  expect(violations(files)).toEqual([]);
});

test.each([
  ['lib/domain/a.ts', "import { b } from '../ports/b.ts';", 'may not import lib/ports/b.ts'],
  ['lib/domain/a.ts', "import { readFile } from 'node:fs';", 'may not import node:fs'],
  ['lib/ports/a.ts', "import type { b } from '../app/b.ts';", 'may not import lib/app/b.ts'],
  ['lib/app/a.ts', "import { ECSClient } from '@aws-sdk/client-ecs';", 'may not import @aws-sdk/client-ecs'],
  ['lib/app/a.ts', "import { b } from '../adapters/aws/b.ts';", 'may not import lib/adapters/aws/b.ts'],
  ['lib/adapters/aws/a.ts', "import middy from '@middy/core';", 'may not import @middy/core'],
  ['lib/adapters/registry/a.ts', "import { readFile } from 'node:fs';", 'may not import node:fs'],
  ['lib/adapters/registry/a.ts', "import { b } from '../aws/b.ts';", 'may not import lib/adapters/aws/b.ts'],
  ['lib/adapters/probe/a.ts', "import { b } from '../registry/b.ts';", 'may not import lib/adapters/registry/b.ts'],
  ['lib/adapters/gitlab/a.ts', "import { request } from 'node:http';", 'may not import node:http'],
  ['lib/webhooks/a.ts', "import {\n  b,\n} from '../app/b.ts';", 'may not import lib/app/b.ts'],
  ['lib/runtime/a.ts', "import { b } from '../../functions/b.ts';", 'may not import functions/b.ts'],
  ['functions/a.ts', "import { b } from '../lib/domain/b.ts';", 'may not import lib/domain/b.ts'],
  ['cli/a.ts', "import { SSMClient } from '@aws-sdk/client-ssm';", 'may not import @aws-sdk/client-ssm'],
  ['lib/app/a.ts', 'const a = process.env.A;', 'reads process.env'],
  ['lib/runtime/a.ts', 'new ECSClient({ endpoint: a });', 'sets an endpoint'],
  ['lib/utils/a.ts', '', 'a folder that says nothing'],
  ['lib/app/index.ts', '', 'a barrel'],
  ['lib/app/startRollout.ts', '', 'not in kebab case'],
  ['functions/a.ts', 'a();\n'.repeat(16), 'a door of more than 15 lines'],
  ['lib/app/a.ts', "import { a } from './a.ts';", 'a circle: lib/app/a.ts > lib/app/a.ts'],
])('%s with %j is found: %s', (file, text, found) => {
  expect(violations(new Map([[file, text]])).join('\n')).toContain(found);
});
