import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { publishedSchema } from './event-schema.ts';

// Run by hand when the form of events has changed: npx node tests/support/write-event-schema.ts
const path = join(import.meta.dirname, '..', '..', 'docs', 'events.schema.json');
const style = await resolveConfig(path);
writeFileSync(path, await format(JSON.stringify(publishedSchema()), { ...style, parser: 'json' }));
