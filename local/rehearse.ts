import { parseArgs } from 'node:util';
import { missingPrerequisites } from './demo/prerequisites.ts';

const wishes = (): { json: boolean } => {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}. There is only --json.`);
    process.exit(2);
  }
};

const asked = wishes();
const missing = missingPrerequisites();
if (missing.length > 0) {
  console.error(['The rehearsal needs more than there is:', ...missing].join('\n- '));
  process.exit(1);
}
// Loaded only now: without what is missing it could not be.
const { runRehearsal } = await import('./rehearse/run-rehearsal.ts');
const failed = (error: unknown): number => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
};
// What an interrupted start has begun is in the hands of the children's guards, which act when this process ends.
process.exit(await runRehearsal(asked).catch(failed));
