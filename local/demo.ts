import { askedDemo } from './demo/asked-demo.ts';
import { missingPrerequisites } from './demo/prerequisites.ts';

const asked = askedDemo(process.argv.slice(2));
if ('problem' in asked) {
  console.error(asked.problem);
  process.exit(2);
}
const missing = missingPrerequisites();
if (missing.length > 0) {
  console.error(['The demo needs more than there is:', ...missing].join('\n- '));
  process.exit(1);
}
// Loaded only now: without what is missing it could not be.
const { runDemo } = await import('./demo/run-demo.ts');
const { rollingDemo } = await import('./demo/rolling-demo.ts');
const { swapDemo } = await import('./demo/swap/swap-demo.ts');
const { rotationDemo } = await import('./demo/rotation/rotation-demo.ts');
const demos = { rolling: rollingDemo, 'blue-green': swapDemo, rotation: rotationDemo };
// What an interrupted start has begun is in the hands of the children's guards, which act when this process ends.
process.exit(await runDemo(demos[asked.name]));
