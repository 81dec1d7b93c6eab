import { missingPrerequisites } from './demo/prerequisites.ts';

const missing = missingPrerequisites();
if (missing.length > 0) {
  console.error(['The demo needs more than there is:', ...missing].join('\n- '));
  process.exit(1);
}
// Loaded only now: without what is missing it could not be.
const { runDemo } = await import('./demo/run-demo.ts');
// What an interrupted start has begun is in the hands of the children's guards, which act when this process ends.
process.exit(await runDemo());
