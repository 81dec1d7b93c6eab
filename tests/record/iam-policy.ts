import type { Permission } from '../../local/fleet/operation.ts';

/** A statement of an IAM policy in which nothing is left for CloudFormation to fill in. */
export interface PolicyStatement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/** IAM's wildcards: `*` any text, also none and across `/` and `:`; `?` one character. */
export const fits = (value: string, wanted: string): boolean => pattern(wanted).test(value);

/** Each of an ARN's six parts for itself. */
const arnFits = (value: string, wanted: string): boolean => {
  const parts = (arn: string) => [...arn.split(':', 5), arn.split(':').slice(5).join(':')];
  const asked = parts(wanted);
  return parts(value).every((part, index) => fits(part, asked[index] ?? ''));
};

const operators: Record<string, (value: string, wanted: string) => boolean> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: fits,
  ArnEquals: arnFits,
  ArnLike: arnFits,
};

const conditionHolds = (condition: PolicyStatement['Condition'], has: Record<string, string>): boolean =>
  Object.entries(condition ?? {}).every(([name, keys]) => {
    const operator = operators[name];
    if (operator === undefined)
      throw new Error(`a policy uses the condition operator ${name}, which is not judged here`);
    return Object.entries(keys).every(([key, wanted]) => {
      const value = has[key];
      return value !== undefined && [wanted].flat().some((one) => operator(value, one));
    });
  });

const applies = (statement: PolicyStatement, { action, conditions }: Permission, resource: string): boolean =>
  [statement.Action].flat().some((one) => fits(action.toLowerCase(), one.toLowerCase())) &&
  [statement.Resource].flat().some((one) => fits(resource, one)) &&
  conditionHolds(statement.Condition, conditions);

/** The resources of a permission that a policy does not allow: none when it may pass. A deny outweighs every allow. */
export const refusedBy = (policy: readonly PolicyStatement[], permission: Permission): string[] =>
  permission.resources.filter((resource) => {
    const matching = policy.filter((statement) => applies(statement, permission, resource));
    return matching.length === 0 || matching.some(({ Effect }) => Effect === 'Deny');
  });
