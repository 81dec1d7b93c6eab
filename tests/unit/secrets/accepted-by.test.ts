import { acceptedBy, type VersionHistory } from '../../../local/secrets/accepted-by.ts';

/** Which version accepted a hook, by the tokens that the hook had and the labels as they were seen. */

const history: VersionHistory = {
  versions: new Map([
    ['plain', { token: 'p' }],
    ['signed', { token: 's', signing: 'S' }],
    ['next', { token: 'n', signing: 'N' }],
  ]),
  sights: [
    { at: 0, current: 'plain', pending: undefined },
    { at: 1_000, current: 'plain', pending: 'signed' },
    { at: 2_000, current: 'signed', pending: 'signed' },
    { at: 9_000, current: 'signed', pending: 'next' },
  ],
};
const at = (moment: number, shown: { token?: string; signing?: string }) =>
  acceptedBy(history, shown, { at: moment, within: 500 });

test.each([
  ['the plain token of the version in use', 500, { token: 'p' }, 'AWSCURRENT'],
  ['the old plain token beside a new signature', 1_500, { token: 'p', signing: 'S' }, 'AWSCURRENT'],
  ['both new tokens before they are in use', 1_600, { token: 's', signing: 'S' }, 'AWSPENDING'],
  ['both new tokens in use, AWSPENDING still beside it', 3_000, { token: 's', signing: 'S' }, 'AWSCURRENT'],
  ['a hook that was under way while the label moved', 2_400, { token: 'p' }, 'AWSCURRENT'],
  ['a look that came late', 8_800, { token: 'n', signing: 'N' }, 'AWSPENDING'],
  ['a version that is out of use for long', 5_000, { token: 'p' }, 'an older version'],
  ['a version that is not out yet', 5_000, { token: 'n', signing: 'N' }, 'an older version'],
  ['a token alone where the version has a signature', 3_000, { token: 's' }, 'no version'],
  ['tokens of nobody', 500, { token: 'x', signing: 'X' }, 'no version'],
] as const)('%s', (_what, moment, shown, expected) => {
  expect(at(moment, shown)).toBe(expected);
});
