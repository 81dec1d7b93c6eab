import type { Case, Matrix } from './matrix-cases.ts';
import { deathName } from './outward.ts';
import { play, type Played, type Stage } from './play.ts';
import type { RecordedRotation } from './recorded-rotations.ts';
import type { Rotated } from './secrets-manager.ts';

/** GitLab has replaced the token, and nobody has the new one: the one fault that only a person can repair. */
const losesToken = ({ site, fault }: Case): boolean => site.operation.endsWith('/self/rotate') && fault !== 'refused';

/** How the step ends that is disturbed. */
const failureOf = ({ site, fault }: Case): string => {
  if (fault === 'dies') return deathName;
  return site.operation.startsWith('GitLab.') ? 'GitLabUnavailable' : 'AwsUnavailable';
};

/** The failures that Secrets Manager sees: one, and then it goes well. */
const failuresOf = (one: Case, { rotation }: Matrix): string[] => {
  if (one.site.step === 'tend-credentials') return [];
  // What self/rotate answered exists nowhere else: it is tried within the step until it is kept.
  if (rotation.self === true && one.site.operation === 'Secrets.fill' && one.fault !== 'dies') return [];
  return [failureOf(one)];
};

const expectLost = ({ done, failures }: Rotated, one: Case): void => {
  expect(done).toBe(false);
  const [first, ...further] = failures;
  expect(first).toBe(failureOf(one));
  // Until the call's Lambda is certainly gone, its answer may still be kept.
  expect([...new Set(further)].filter((name) => name !== 'RotationRefused')).toEqual(['TokenLost']);
  expect(failures.at(-1)).toBe('TokenLost');
};

/** It is through; what it comes to by itself may be told as the disturbance's failure. */
const expectEnded = (
  { done, versions, failures }: Rotated,
  { unless, rotations }: Pick<RecordedRotation, 'unless'> & { rotations: number },
  expected: string[],
): void => {
  expect({ done, versions }).toEqual({ done: true, versions: (unless === undefined ? 1 : 2) * rotations });
  if (unless === undefined) expect(failures).toEqual(expected);
  else
    expect([[...expected, unless], [unless, ...expected], expected, [unless, ...expected, unless]]).toContainEqual(
      failures,
    );
};

const promotion = 'Secrets.promote';
/** The calls of finishSecret that come when AWSCURRENT has moved. */
const afterPromotion = ['Journal.read', 'Journal.write', 'Secrets.takeOff'];

/** The label is off, and nobody knows: Secrets Manager finds a step that failed and nothing to go on with, and begins anew. */
const losesItsEnd = ({ site, fault }: Case): boolean =>
  site.step === 'finishSecret' && site.operation === 'Secrets.takeOff' && fault !== 'refused';

/**
 * A version that is AWSCURRENT already ends a step that is tried again, which so takes no label off any more. There the label
 * says nothing, and the next rotation takes it away.
 */
const pendingAfter = (one: Case): Played['pending'] => {
  const { site, fault } = one;
  const promoted = site.operation === promotion ? fault !== 'refused' : afterPromotion.includes(site.operation);
  return site.step === 'finishSecret' && promoted && !losesItsEnd(one) ? 'on AWSCURRENT' : 'nowhere';
};

const check = async (one: Case, matrix: Matrix, stage: Stage): Promise<void> => {
  const played = await play({ rotation: matrix.rotation, disturbance: one }, stage);
  const { struck, violations, reuses, rotated, pending, left } = played;
  expect({ struck, violations, reuses }).toEqual({ struck: true, violations: [], reuses: 0 });
  if (losesToken(one)) {
    expectLost(rotated, one);
    return;
  }
  const rotations = losesItsEnd(one) ? 2 : 1;
  expectEnded(rotated, { ...matrix.rotation, rotations }, failuresOf(one, matrix));
  expect({ pending, left }).toEqual({ pending: pendingAfter(one), left: matrix.undisturbed.left });
};

// A case takes a tenth of a second; a machine that does much else must fail none.
const limit = 60_000;

/** One test for each case, by its name: `-t 'hook plain: setSecret / GitLab.PUT /projects/:id/hooks/:id #1: dies'`. */
export const testMatrix = (matrix: Matrix, stage: Stage): void => {
  const { rotation, undisturbed, cases } = matrix;
  test(`${rotation.name}: ends well when nothing goes wrong`, () => {
    const { rotated, violations, pending, reuses, left } = undisturbed;
    expectEnded(rotated, { ...rotation, rotations: 1 }, []);
    expect({ violations, pending, reuses }).toEqual({ violations: [], pending: 'nowhere', reuses: 0 });
    expect(left).toEqual(rotation.left);
  });
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => check(one, matrix, stage), limit);
};

/** Tells how much of it there is, by its classes. */
export const countsOf = (cases: readonly Case[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(cases, ({ fault }) => fault)).map(([fault, of]) => [fault, of.length]),
  );
