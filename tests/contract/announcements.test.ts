import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endAnnouncement, startAnnouncement, stepAnnouncement } from '../../lib/domain/announcement.ts';
import { eventSchema, publishedSchema } from '../support/event-schema.ts';
import { end, record, without } from '../support/samples.ts';

/** What listeners rely on: the published form of events, and what the topic's rule lets through. */

const project = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(project, path), 'utf8');
const at = end().at;
const announcements = [
  startAnnouncement(record(), at),
  stepAnnouncement(record(), { step: 'rollout started' }, at),
  ...(['deployed', 'failed', 'held'] as const).map((outcome) => endAnnouncement(record(), end({ outcome }))),
];
const types = announcements.map(({ type }) => type);

// After a change of the form: npx node tests/support/write-event-schema.ts
test('docs/events.schema.json is the form that every test holds events against', () => {
  expect(JSON.parse(read('docs/events.schema.json'))).toEqual(publishedSchema());
});

test('the published form knows every kind of event, and lets fields in that are yet to come', () => {
  const { oneOf } = publishedSchema() as { oneOf: { properties: { 'detail-type': { const: string } } }[] };
  expect(oneOf.map(({ properties }) => properties['detail-type'].const)).toEqual(types);
  expect(JSON.stringify(oneOf)).not.toContain('additionalProperties');
});

test('the form that tests go by takes no other field, no missing one, and no other kind', () => {
  const [{ type, detail } = { type: '', detail: {} }] = announcements;
  const fits = (change: object) =>
    eventSchema.safeParse({ source: 'drawbridge', 'detail-type': type, detail, ...change }).success;
  expect(fits({})).toBe(true);
  expect(fits({ detail: { ...detail, more: 1 } })).toBe(false);
  expect(fits({ detail: without(detail as { text: string }, 'text') })).toBe(false);
  expect(fits({ 'detail-type': 'Deployment ended' })).toBe(false);
  expect(fits({ source: 'somebody' })).toBe(false);
});

test('the topic gets the sentence alone, of all kinds but steps, of this stack alone', () => {
  const { Resources } = load(read('stack/announcements.yml')) as {
    Resources: Record<string, { Properties: Record<string, unknown> }>;
  };
  const { EventPattern, Targets } = Resources['DeploymentsRule']?.Properties as {
    EventPattern: Record<string, unknown>;
    Targets: unknown[];
  };
  expect(EventPattern).toEqual({
    source: ['drawbridge'],
    resources: [{ Ref: 'DeployWorkflow' }],
    'detail-type': types.filter((type) => type !== 'Deployment step'),
  });
  const InputTransformer = { InputPathsMap: { text: '$.detail.text' }, InputTemplate: '"<text>"' };
  expect(Targets).toEqual([{ Id: 'topic', Arn: { Ref: 'DeploymentsTopic' }, InputTransformer }]);
});

test('a guide names every kind of event, and every field and word of it', () => {
  const guide = read('docs/events.md');
  for (const type of types) expect(guide).toContain(`\`${type}\``);
  const words = [...JSON.stringify(publishedSchema()).matchAll(/"const":"([^"]+)"/g)].map(([, word]) => word ?? '');
  for (const word of words) expect(guide).toContain(word);
});
