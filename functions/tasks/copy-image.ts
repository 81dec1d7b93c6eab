import { copyImage, type CopyImageInput } from '../../lib/app/copy-image.ts';
import { task } from '../../lib/runtime/task.ts';
import { copyJournal } from '../../lib/runtime/wiring/copy-journal.ts';
import { imageStore } from '../../lib/runtime/wiring/image-store.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { registry } from '../../lib/runtime/wiring/registry.ts';

const ports = { registry: registry(), store: imageStore(), copies: copyJournal(), journal: journal() };

/** From GitLab's registry into ECR, as far as this invocation's time goes. */
export const handler = (
  input: CopyImageInput,
  { getRemainingTimeInMillis }: { getRemainingTimeInMillis: () => number },
) => task('copy-image', copyImage({ ...ports, remaining: () => getRemainingTimeInMillis() }))(input);
