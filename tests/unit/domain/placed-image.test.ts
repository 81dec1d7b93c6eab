import { inEcr, toBeCopied } from '../../../lib/domain/placed-image.ts';
import { copyRule, digest, gitlabRegistry, registry as ecr } from '../../support/samples.ts';

test('an image in ECR is what it is', () => {
  const sought = { host: ecr, repository: 'acme/web', tag: 'v1' };
  expect(inEcr(sought)).toStrictEqual({ sought, repository: 'acme/web', name: `${ecr}/acme/web:v1` });
});

test("an image in GitLab's registry keeps its tag in ECR, in the repository that the rule names", () => {
  const sought = { host: gitlabRegistry, repository: 'acme/web/app', tag: 'v1', digest };
  const rule = { ...copyRule, repository: 'ml/workload', alsoTag: ['latest'] };
  expect(toBeCopied(sought, rule, ecr)).toStrictEqual({
    sought,
    repository: 'ml/workload',
    name: `${ecr}/ml/workload:v1`,
    copy: { ...rule, from: { repository: 'acme/web/app', tag: 'v1' } },
  });
});
