/**
 * What MiniStack judges on another resource than AWS does. In the stage `local`, and nowhere else, each role that
 * may do one of these on its own resource may do it on any. Exactness is proven on the policies that ops deploy.
 */
export const widenings: Readonly<Record<string, readonly string[]>> = {
  'judged on the ARN of the cluster': [
    'ecs:DescribeServices',
    'ecs:UpdateService',
    'ecs:CreateService',
    'ecs:DeleteService',
    'ecs:ListTasks',
    'ecs:DescribeTasks',
  ],
  'judged on *, for the request names no cluster': [
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeServiceRevisions',
    'ecs:RegisterTaskDefinition',
  ],
  'judged on *, for a rule is not looked for': ['elasticloadbalancing:ModifyRule'],
  'judged on *, for the request says Path': ['ssm:GetParametersByPath'],
};

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

/** The part of a CloudFormation template that holds roles. */
export interface Template {
  Resources: Record<
    string,
    { Type: string; Properties?: { Policies?: { PolicyDocument: { Statement: Statement[] } }[] } }
  >;
}

/** Adds to each statement that allows some of the actions above one that allows just these on every resource. */
export const widen = (template: Template): void => {
  const wide = new Set(Object.values(widenings).flat());
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    for (const { PolicyDocument } of Properties?.Policies ?? []) {
      const added = PolicyDocument.Statement.map(({ Action }) => [Action].flat().filter((action) => wide.has(action)))
        .filter((actions) => actions.length > 0)
        .map((actions) => ({ Effect: 'Allow', Action: actions, Resource: '*' }));
      PolicyDocument.Statement.push(...added);
    }
  }
};
