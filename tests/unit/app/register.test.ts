import { register } from '../../../lib/app/register.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { deploymentTag } from '../../../lib/domain/revision.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet, type MemoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding, type MemoryJournal } from '../../support/memory-journal.ts';
import { memoryAnnouncements, stoppedClock } from '../../support/memory-ports.ts';
import { digest, found, record, registry, revision, revisionArn } from '../../support/samples.ts';

const input = { execution: 'web-1', deployment: 'web-1' };
const world = (change: Partial<DeploymentRecord> = {}) => ({
  fleet: memoryFleet(),
  journal: journalHolding(record({ found, ...change })),
  announcements: memoryAnnouncements(),
  clock: stoppedClock(),
});
const revisionIn = (journal: MemoryJournal) => journal.records.get('web-1')?.revision;
const numbers = (fleet: MemoryFleet) => [...fleet.revisions.values()].map(({ number }) => number);

describe('registering', () => {
  test('clones the live revision with the image by digest, tagged as this deployment’s', async () => {
    const ports = world();
    expect(await register(ports)(input)).toEqual({ revision: revisionArn(8) });
    const made = ports.fleet.revisions.get(revisionArn(8));
    expect(made?.tags).toContainEqual({ key: deploymentTag, value: 'web-1' });
    expect(made?.definition).toMatchObject({
      containerDefinitions: [{ name: 'app', image: `${registry}/acme/web@${digest}` }, { name: 'proxy' }],
    });
    expect(ports.journal.records.get('web-1')).toMatchObject({ registering: { after: 7 }, revision: revisionArn(8) });
  });

  test('clones what Look found, not the family’s newest', async () => {
    const ports = world();
    ports.fleet.revisions.set(revisionArn(9), revision(9, { definition: { ...revision(9).definition, cpu: '4096' } }));
    await register(ports)(input);
    expect(ports.fleet.revisions.get(revisionArn(10))?.definition).toMatchObject({ cpu: '256' });
    expect(ports.journal.records.get('web-1')).toMatchObject({ registering: { after: 9 } });
  });

  test('done again, is done once', async () => {
    const ports = world();
    await register(ports)(input);
    await register(ports)(input);
    expect(ports.fleet.writes).toEqual(['register web:8']);
  });

  test.each(['register', 'newestRevisions', 'revision'] as const)(
    'a lost answer of %s: registered once',
    async (call) => {
      const ports = world();
      const again = register({ ...ports, fleet: losingAnswers(ports.fleet, call) });
      await expect(again(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
      expect(await again(input)).toEqual({ revision: revisionArn(8) });
      expect(numbers(ports.fleet)).toEqual([7, 8]);
    },
  );

  test.each([0, 1])('a lost answer of the journal (after %p others): registered once', async (skip) => {
    const ports = world();
    const again = register({ ...ports, journal: losingAnswers(ports.journal, 'note', { skip }) });
    await expect(again(input)).rejects.toThrow();
    expect(await again(input)).toEqual({ revision: revisionArn(8) });
    expect(numbers(ports.fleet)).toEqual([7, 8]);
    expect(revisionIn(ports.journal)).toBe(revisionArn(8));
  });

  test('died after its intent: registers, when nothing was', async () => {
    const ports = world({ registering: { after: 7 } });
    expect(await register(ports)(input)).toEqual({ revision: revisionArn(8) });
  });

  test('died after its intent: somebody else’s newer revision is not taken for its own', async () => {
    const ports = world({ registering: { after: 7 } });
    const theirs = revision(8, { tags: [{ key: deploymentTag, value: 'web-0' }] });
    ports.fleet.revisions.set(theirs.arn, theirs);
    expect(await register(ports)(input)).toEqual({ revision: revisionArn(9) });
  });

  test('an older revision with its tag, copied by hand, is not its own', async () => {
    const ports = world({ registering: { after: 7 } });
    ports.fleet.revisions.set(revisionArn(6), revision(6, { tags: [{ key: deploymentTag, value: 'web-1' }] }));
    expect(await register(ports)(input)).toEqual({ revision: revisionArn(8) });
  });

  test('writes nothing without the lock', async () => {
    const ports = world();
    ports.journal.locks.clear();
    await expect(register(ports)(input)).rejects.toMatchObject({ name: 'LockLost' });
    expect(ports.fleet.writes).toEqual([]);
  });

  test('writes nothing when its intent cannot be journalled', async () => {
    const ports = world();
    await expect(register({ ...ports, journal: failing(ports.journal, 'note') })(input)).rejects.toThrow();
    expect(ports.fleet.writes).toEqual([]);
  });

  test('something else than was asked is RevisionDiffers: paths, no values', async () => {
    const ports = world();
    const dropping: MemoryFleet = {
      ...ports.fleet,
      register: async (definition, tags) => {
        const made = await ports.fleet.register(definition, tags);
        return { ...made, definition: { ...made.definition, cpu: '1', taskRoleArn: undefined } };
      },
    };
    const failure: unknown = await register({ ...ports, fleet: dropping })(input).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'RevisionDiffers', facts: { reasons: ['cpu', 'taskRoleArn'] } });
    expect((failure as Error).message).not.toContain('hunter2');
    expect(revisionIn(ports.journal)).toBeUndefined();
  });

  test('before Look, or without a record, is a fault of our own', async () => {
    const early = { ...world(), journal: journalHolding(record()) };
    await expect(register(early)(input)).rejects.toMatchObject({ name: 'Unexpected' });
    await expect(register(early)({ ...input, deployment: 'gone' })).rejects.toMatchObject({ name: 'Unexpected' });
  });
});
