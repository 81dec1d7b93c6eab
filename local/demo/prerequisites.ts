import { existsSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

/** What must be there before anything of ours can be loaded, in words; empty when it is. Python is looked for later. */
export const missingPrerequisites = (node = process.versions.node, folder = project): string[] => {
  const missing: string[] = [];
  if (Number(node.split('.')[0]) < 24)
    missing.push(`Node 24: this is ${node}. On Linux x64 npm brings it; start with npm run. Elsewhere install it.`);
  if (!existsSync(join(folder, 'node_modules', 'serverless'))) missing.push('The packages: run npm ci first.');
  return missing;
};
