import { permissionsOf } from '../../../local/recorder/permissions.ts';

const place = { partition: 'aws', region: 'r', account: '1' };
const asked = (target: string, input: Record<string, unknown>) =>
  permissionsOf(place, target, input).map(({ action, resources }) => [action, ...resources]);
const table = 'arn:aws:dynamodb:r:1:table/journal';
const machine = 'arn:aws:states:r:1:stateMachine:deploy';

test.each([
  ['secretsmanager.GetSecretValue', { SecretId: 'a/hook' }, 'arn:aws:secretsmanager:r:1:secret:a/hook-??????'],
  [
    'secretsmanager.GetSecretValue',
    { SecretId: 'arn:aws:secretsmanager:r:1:secret:a-AbCdEf' },
    'arn:aws:secretsmanager:r:1:secret:a-AbCdEf',
  ],
  ['AmazonSSM.GetParameter', { Name: '/a/b' }, 'arn:aws:ssm:r:1:parameter/a/b'],
  ['AmazonSSM.GetParametersByPath', { Path: '/a/b/' }, 'arn:aws:ssm:r:1:parameter/a/b'],
  ['AWSStepFunctions.StartExecution', { stateMachineArn: machine, name: 'x', input: 'secret' }, machine],
  ['DynamoDB_20120810.GetItem', { TableName: 'journal', Key: {} }, table],
  ['DynamoDB_20120810.BatchGetItem', { RequestItems: { journal: { Keys: [] } } }, table],
  ['GraniteServiceVersion20100801.DescribeAlarms', { AlarmNames: ['a', 'b'] }, '*'],
  ['AWSEvents.PutEvents', { Entries: [{}, {}] }, 'arn:aws:events:r:1:event-bus/default'],
])('%s of %j is judged on %s', (target, input, resource) => {
  expect(asked(target, input)).toEqual([[expect.stringContaining(target.split('.')[1] ?? ''), resource]]);
});

test('a transaction is judged on each of its parts', () => {
  const parts = ['ConditionCheck', 'Put', 'Update', 'Delete'].map((part) => ({ [part]: { TableName: 'journal' } }));
  expect(asked('DynamoDB_20120810.TransactWriteItems', { TransactItems: parts })).toEqual([
    ['dynamodb:ConditionCheckItem', table],
    ['dynamodb:PutItem', table],
    ['dynamodb:UpdateItem', table],
    ['dynamodb:DeleteItem', table],
  ]);
});

test('what is not known is an action that nobody is allowed', () => {
  expect(asked('Logs_20140328.PutLogEvents', {})).toEqual([['unknown:Logs_20140328.PutLogEvents', '*']]);
});
