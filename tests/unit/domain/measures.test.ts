import { measuresOf } from '../../../lib/domain/measures.ts';
import { end, found, record, revisionArn, swapRecord } from '../../support/samples.ts';

const minute = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 10, minutes)).toISOString();
const starting = { revision: revisionArn(8), at: minute(5) };
const whole = {
  openedAt: minute(0),
  found: { ...found, at: minute(1) },
  copied: { bytes: 77, at: minute(4) },
  starting,
};

test('a rolling deployment is measured from its confirmation to its end', () => {
  expect(measuresOf(record(whole), end({ at: minute(9) }))).toEqual({
    strategy: 'rolling',
    WaitSeconds: 60,
    CopySeconds: 180,
    CopiedBytes: 77,
    RolloutSeconds: 240,
    DeploymentSeconds: 540,
  });
});

test('a swap of colours is over when it succeeded, not when the old colour is retired', () => {
  const swap = swapRecord({ ...whole, succeeded: { at: minute(30) } });
  expect(measuresOf(swap, end({ at: minute(40) }))).toMatchObject({
    strategy: 'blue-green',
    RolloutSeconds: 25 * 60,
    DeploymentSeconds: 30 * 60,
  });
});

test.each(['failed', 'already deployed', 'superseded', 'outdated', 'held'] as const)(
  'what ended as %s is measured only as far as it was completed',
  (outcome) => {
    const measures = measuresOf(record(whole), end({ outcome, at: minute(9) }));
    expect(measures).toEqual({ strategy: 'rolling', WaitSeconds: 60, CopySeconds: 180, CopiedBytes: 77 });
  },
);

test('a record of before the times were noted has fewer measures', () => {
  const old = record({ openedAt: minute(0), found, starting: { revision: revisionArn(8) } });
  expect(measuresOf(old, end({ at: minute(9) }))).toEqual({ strategy: 'rolling', DeploymentSeconds: 540 });
  expect(measuresOf({ ...old, copied: { bytes: 1, at: minute(2) } }, end({ at: minute(9) }))).toEqual({
    strategy: 'rolling',
    DeploymentSeconds: 540,
    CopiedBytes: 1,
  });
});

test('a clock that was set back makes no negative time', () => {
  expect(measuresOf(record({ openedAt: minute(9) }), end({ at: minute(1) }))).toMatchObject({ DeploymentSeconds: 0 });
});
