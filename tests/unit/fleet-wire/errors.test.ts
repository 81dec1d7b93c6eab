import { AwsError } from '../../../local/fleet/operation.ts';
import { wireError } from '../../../local/fleet/wire/errors.ts';
import { tinyModel } from './tiny-model.ts';

const sent = (code: string, more?: ConstructorParameters<typeof AwsError>[2]) =>
  wireError(tinyModel, new AwsError(code, 'why', more));

describe('errors of the world', () => {
  test('code and status are the model’s, whether named by shape or by code', () => {
    for (const code of ['OddError', 'Odd']) {
      expect(sent(code)).toEqual({ error: { code: 'Odd', message: 'why', status: 429, fields: {} }, misfits: [] });
    }
    expect(sent('OwnFault').error.status).toBe(500);
    expect(sent('Odd', { status: 418 }).error.status).toBe(418);
  });

  test('members of the error are checked too', () => {
    expect(sent('Odd', { fields: { hint: 'abc' } })).toMatchObject({ error: { fields: { hint: 'abc' } }, misfits: [] });
    expect(sent('Odd', { fields: { hnit: 'abc' } }).misfits).toEqual(["Unknown parameter 'hnit'"]);
  });

  test('an error that neither the model nor AWS’s common errors know is a misfit', () => {
    expect(sent('AccessDeniedException').misfits).toEqual([]);
    expect(sent('In').misfits).toEqual(['ecs has no error In']);
  });
});
