import { join } from 'node:path';
import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceName } from '../../local/fleet/operation.ts';
import { fit } from '../../local/fleet/wire/fit.ts';
import type { Models } from '../../local/fleet/wire/models.ts';
import { loadModels } from '../../local/fleet/wire/models.ts';
import { newerThanTheModels } from '../../local/fleet/wire/newer-than-the-models.ts';
import { ensureVenv } from '../../local/venv.ts';

let models: Models;
let loadedIn: number;

beforeAll(async () => {
  const { sitePackages } = await ensureVenv();
  const start = performance.now();
  models = loadModels(join(sitePackages, 'botocore', 'data'));
  loadedIn = performance.now() - start;
}, 120_000);

/** The members of a structure as the bundled SDK knows them: its schemas are [3, namespace, name, traits, members, …]. */
const sdkMembers = (service: ServiceName, structure: string): unknown => {
  const sdk: Record<string, unknown> = { ecs, ecr, elbv2, 'application-autoscaling': scaling }[service];
  return (sdk[`${structure}$`] as unknown[] | undefined)?.[4];
};

describe('AWS’s models', () => {
  test('are there in the protocols that the SDKs speak, and quickly', () => {
    const spoken = Object.values(models).map(({ name, protocol, apiVersion }) => [name, protocol, apiVersion]);
    expect(spoken).toEqual([
      ['ecs', 'json', '2014-11-13'],
      ['ecr', 'json', '2015-09-21'],
      ['elbv2', 'query', '2015-12-01'],
      ['application-autoscaling', 'json', '2016-02-06'],
    ]);
    expect(Object.keys(models.ecs.operations)).toContain('UpdateService');
    expect(loadedIn).toBeLessThan(500);
  });

  test('hold only patterns that can be checked here', () => {
    for (const model of Object.values(models)) {
      const patterned = Object.entries(model.shapes).filter(([, { pattern }]) => pattern !== undefined);
      for (const [name, { min = 1 }] of patterned) expect(() => fit(model, name, 'a'.repeat(min))).not.toThrow();
    }
  });

  test('lack exactly those members that the list of newer ones names, and the SDK knows them', () => {
    const entries = Object.entries(newerThanTheModels).flatMap(([service, structures]) =>
      Object.entries(structures).map(([structure, members]) => ({
        service: service as ServiceName,
        structure,
        members,
      })),
    );
    expect(entries).not.toHaveLength(0);
    for (const { service, structure, members } of entries) {
      expect(sdkMembers(service, structure)).toEqual(expect.arrayContaining([...members]));
      const known = Object.keys(models[service].shapes[structure]?.members ?? {});
      expect(known).not.toHaveLength(0);
      expect(known.filter((member) => members.includes(member))).toEqual([]);
    }
  });

  test('check what real calls look like', () => {
    const containers = [{ name: 'web', cpu: 'much', environment: [{ name: 'A', value: 'b', secret: 'c' }] }];
    const { misfits } = fit(models.ecs, 'RegisterTaskDefinitionRequest', { containerDefinitions: containers });
    expect(misfits).toEqual([
      "Value null at 'family' failed to satisfy constraint: Member must not be null",
      "Value at 'containerDefinitions.1.cpu' failed to satisfy constraint: Member must be of type integer",
      "Unknown parameter 'containerDefinitions.1.environment.1.secret'",
    ]);
    const weights = [{ TargetGroupArn: 'g', Weight: 1 }];
    const actions = [{ Type: 'forward', ForwardConfig: { TargetGroups: weights } }];
    expect(fit(models.elbv2, 'ModifyRuleInput', { RuleArn: 'r', Actions: actions }).misfits).toEqual([]);
    const names = { repositoryName: 'Team/Web', imageIds: [{ imageTag: '' }] };
    expect(fit(models.ecr, 'DescribeImagesRequest', names).misfits).toEqual([
      expect.stringContaining(
        "'Team/Web' at 'repositoryName' failed to satisfy constraint: Member must satisfy regular",
      ),
      expect.stringContaining("'' at 'imageIds.1.imageTag' failed to satisfy constraint: Member must have length"),
    ]);
  });
});
