import { policiesOf, workflowRole } from '../../record/production-policies.ts';
import type { Resource } from '../../support/packaged-stack.ts';

const pseudo = { partition: 'aws', region: 'r', account: '1' };
const role = (Statement: unknown[], more = {}): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyDocument: { Statement } }], ...more },
});
const lambda: Resource = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'drawbridge-prod-look',
    Environment: { Variables: { AWS_SDK_UA_APP_ID: 'look' } },
    Role: { 'Fn::GetAtt': ['LookRole', 'Arn'] },
  },
};
const table: Resource = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'journal' } };
const stack = (Resource: unknown, more = {}) => ({
  Look: lambda,
  Journal: table,
  LookRole: role([{ Effect: 'Allow', Action: 'a:B', Resource }], more),
  DeployWorkflowRole: role([
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': ['Look', 'Arn'] } },
  ]),
});
const resourceOf = (Resource: unknown) => policiesOf(stack(Resource), pseudo).get('look')?.[0]?.Resource;

test("each function has its own role's policy, and the workflow its own", () => {
  const policies = policiesOf(stack('*'), pseudo);
  expect([...policies.keys()]).toEqual(['look', workflowRole]);
  expect(policies.get(workflowRole)).toMatchObject([{ Resource: 'arn:aws:lambda:r:1:function:drawbridge-prod-look' }]);
});

test('what CloudFormation fills in is filled in', () => {
  expect(resourceOf({ 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:y' })).toBe(
    'arn:aws:x:r:1:y',
  );
  expect(resourceOf([{ 'Fn::GetAtt': ['Journal', 'Arn'] }, '*'])).toEqual(['arn:aws:dynamodb:r:1:table/journal', '*']);
});

test.each([
  ['a reference', stack({ Ref: 'Journal' })],
  ['another attribute', stack({ 'Fn::GetAtt': ['Journal', 'StreamArn'] })],
  ['a managed policy', stack('*', { ManagedPolicyArns: ['arn:x'] })],
])('%s is refused, not passed over', (_what, resources) => {
  expect(() => policiesOf(resources, pseudo)).toThrow(/not (resolved|judged) here/);
});
