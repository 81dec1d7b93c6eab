import { demoProblems, type RotationSeen } from '../../../../local/demo/rotation/rotation-verdict.ts';
import type { AccessTokenView } from '../../../../local/gitlab/control.ts';
import type { RotationView } from '../../../../local/secrets/rotation-views.ts';
import { history, hookAt, sent } from './seen-hooks.ts';

const rotation: RotationView = {
  ...{ secret: 'hook', version: 'new-version', began: 0, end: 'promoted' },
  steps: [{ step: 'createSecret', began: 0, ended: 1 }],
};

const token = (change: Partial<AccessTokenView>): AccessTokenView => ({
  ...{ id: 1, name: 'maintainer', owner: 'person', ownerId: 1, scopes: ['api'], expiresAt: null },
  ...{ revoked: false, active: true, family: 1, lastUsedAt: null },
  ...change,
});
const predecessor = token({ id: 2, name: 'drawbridge/x/v1', owner: 'project', active: false });
const inUse = token({ id: 3, name: 'drawbridge/x/v2', owner: 'project' });

const well: RotationSeen = {
  ...{ rotations: [rotation], sent, history, tokenPrefix: 'drawbridge/x/', gitlabVersion: 'v2', reuses: 0 },
  tokens: [token({}), predecessor, inUse],
};

test('all is well', () => {
  expect(demoProblems(well)).toEqual([]);
});

test.each<[string, Partial<RotationSeen>, RegExp]>([
  ['a rotation has no end', { rotations: [{ ...rotation, end: undefined } as never] }, /of hook ended so: not at all/],
  ['a rotation was given up', { rotations: [{ ...rotation, end: 'given up' }] }, /ended so: given up/],
  [
    'a step failed',
    { rotations: [{ ...rotation, steps: [{ step: 'testSecret', began: 0, ended: 1, error: 'NotProven' }] }] },
    /testSecret of hook failed: NotProven/,
  ],
  ['a hook was refused', { sent: [...sent, hookAt(29_000, { status: 401 })] }, /1 hook refused: 401 × 1/],
  ['a hook got no answer', { sent: [...sent, hookAt(29_000, { status: 'internal error' })] }, /1 hook refused/],
  [
    'a version out of use accepted',
    { sent: [hookAt(29_000, { fingerprints: { token: 'old' } }), ...sent] },
    /1 hook accepted by a version out of use/,
  ],
  ['no hook came', { sent: [] }, /hooks did not arrive with both versions/],
  ['no hook came while both counted', { sent: [hookAt(0), hookAt(29_000)] }, /hooks did not arrive with both/],
  ['nothing is signed', { sent: [...sent, hookAt(3_000)] }, /the last hook was not signed/],
  ['the predecessor is alive', { tokens: [token({}), { ...predecessor, active: true }, inUse] }, /alive.*v1.*v2/],
  ['the token in use is dead', { tokens: [token({}), predecessor, { ...inUse, active: false }] }, /alive.*none/],
  ['another version is in use', { gitlabVersion: 'v3' }, /alive of Drawbridge's tokens: drawbridge\/x\/v2/],
  ['there was no predecessor', { tokens: [token({}), inUse] }, /no predecessor was revoked/],
  [
    "a person's token is dead",
    { tokens: [token({ active: false }), predecessor, inUse] },
    /1 token of a person revoked/,
  ],
  ['a replaced token was shown', { reuses: 1 }, /shown to self\/rotate 1 times/],
])('%s', (_what, change, problem) => {
  expect(demoProblems({ ...well, ...change }).join('\n')).toMatch(problem);
});
