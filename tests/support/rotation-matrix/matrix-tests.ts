import type { Case, Matrix } from './matrix-cases.ts';
import { deathName } from './outward.ts';
import { play, type Stage } from './play.ts';
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

const check = async (one: Case, matrix: Matrix, stage: Stage): Promise<void> => {
  const played = await play({ rotation: matrix.rotation, disturbance: one }, stage);
  const { struck, violations, reuses, rotated, pending, left } = played;
  expect({ struck, violations, reuses }).toEqual({ struck: true, violations: [], reuses: 0 });
  if (losesToken(one)) {
    expectLost(rotated, one);
    return;
  }
  expect(rotated).toEqual({ done: true, versions: 1, failures: failuresOf(one, matrix) });
  expect({ pending, left }).toEqual({ pending: 'on AWSCURRENT', left: matrix.undisturbed.left });
};

// A case takes a tenth of a second; a machine that does much else must fail none.
const limit = 60_000;

/** One test for each case, by its name: `-t 'hook plain: setSecret / GitLab.PUT /projects/:id/hooks/:id #1: dies'`. */
export const testMatrix = (matrix: Matrix, stage: Stage): void => {
  const { rotation, undisturbed, cases } = matrix;
  test(`${rotation.name}: ends well when nothing goes wrong`, () => {
    const { rotated, violations, pending, reuses, left } = undisturbed;
    expect(rotated).toEqual({ done: true, versions: 1, failures: [] });
    expect({ violations, pending, reuses }).toEqual({ violations: [], pending: 'on AWSCURRENT', reuses: 0 });
    expect(left).toEqual(rotation.left);
  });
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => check(one, matrix, stage), limit);
};

/** Tells how much of it there is, by its classes. */
export const countsOf = (cases: readonly Case[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(cases, ({ fault }) => fault)).map(([fault, of]) => [fault, of.length]),
  );
