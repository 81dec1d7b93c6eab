import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { sampleEvents } from './sample-events.ts';

// Writes events/*.json anew: `node local/gitlab/write-sample-events.ts`. A unit test says when they are out of date.
const folder = join(import.meta.dirname, '../../events');
for (const [name, event] of Object.entries(sampleEvents())) {
  await writeFile(
    join(folder, `${name}.json`),
    await format(JSON.stringify(event, null, 2), { parser: 'json', printWidth: 120 }),
  );
}
