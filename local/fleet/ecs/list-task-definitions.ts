import type { ListTaskDefinitionsRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { isActive } from './find.ts';

/** By family and revision, ACTIVE ones unless `status` says otherwise. `familyPrefix` is a whole family's name, as on AWS. */
export const listTaskDefinitions =
  (fleet: Fleet): Operation =>
  (input) => {
    const { familyPrefix, status = 'ACTIVE', sort, nextToken, maxResults } = input as ListTaskDefinitionsRequest;
    const families = familyPrefix === undefined ? [...fleet.families.keys()].sort() : [familyPrefix];
    const all = families
      .flatMap((family) => fleet.families.get(family) ?? [])
      .filter((record) => (isActive(record) ? 'ACTIVE' : 'INACTIVE') === status);
    if (sort === 'DESC') all.reverse();
    const page = pageOf(all, { nextToken, maxResults: maxResults ?? 100 });
    return { taskDefinitionArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
  };
