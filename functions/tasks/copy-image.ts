import { copyImage, type CopyImageInput } from '../../lib/app/copy-image.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { copyJournal } from '../../lib/runtime/wiring/copy-journal.ts';
import { imageStore } from '../../lib/runtime/wiring/image-store.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { registry } from '../../lib/runtime/wiring/registry.ts';

const telling = { journal: journal(), announcements: briefAnnouncements(), clock };
const ports = { ...telling, registry: registry(), store: imageStore(), copies: copyJournal() };
/** From GitLab's registry into ECR, as far as this invocation's time goes. */
export const handler = (input: CopyImageInput, context: { getRemainingTimeInMillis: () => number }) =>
  task('copy-image', copyImage({ ...ports, remaining: () => context.getRemainingTimeInMillis() }))(input);
