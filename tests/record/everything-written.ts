import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { clientOptions, gitlab, journalTable } from '../support/deployed.ts';
import { tappedEvents } from '../support/event-tap.ts';
import { allExecutions } from './executions.ts';
import type { Written } from './leaks.ts';

const logs = new CloudWatchLogsClient(clientOptions);
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions));

const logLines = async (): Promise<Written[]> => {
  const groups: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client: logs }, {}))
    groups.push(...(page.logGroups ?? []).map(({ logGroupName = '' }) => logGroupName));
  const lines: Written[] = [];
  for (const logGroupName of groups)
    for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName }))
      lines.push(
        ...(page.events ?? []).map(({ message = '' }) => ({ where: `the log ${logGroupName}`, text: message })),
      );
  return lines;
};

const executions = async (): Promise<Written[]> =>
  (await allExecutions()).flatMap(({ name, history, ...described }) => [
    { where: `the execution ${name}`, text: JSON.stringify(described) },
    ...history.map((event) => ({
      where: `the history of ${name}, event ${event.id ?? 0}`,
      text: JSON.stringify(event),
    })),
  ]);

const answers = async (): Promise<Written[]> => [
  ...(await gitlab.deliveries({})).map(({ id, responseHeaders, responseBody }) => ({
    where: `the door's answer to delivery ${id}`,
    text: `${JSON.stringify(responseHeaders)}\n${responseBody}`,
  })),
  ...(await gitlab.registryDeliveries()).map(({ event, responseBody }) => ({
    where: `the registry door's answer to event ${event}`,
    text: responseBody,
  })),
];

const journal = async (): Promise<Written[]> => {
  const items: Written[] = [];
  for await (const page of paginateScan({ client: dynamo }, { TableName: journalTable, ConsistentRead: true }))
    items.push(
      ...(page.Items ?? []).map((item) => ({
        where: `the journal's ${String(item['id'])}`,
        text: JSON.stringify(item),
      })),
    );
  return items;
};

const events = async (): Promise<Written[]> =>
  (await tappedEvents(clientOptions)).map((text, index) => ({ where: `event ${index + 1} on the bus`, text }));

/** What people read on GitLab's pages: deployments, and notes on commits. */
const toldToGitlab = async (): Promise<Written[]> => {
  const projects = new Set((await gitlab.deliveries({})).map(({ project }) => project));
  const written: Written[] = [];
  for (const project of projects) {
    const told = [...(await gitlab.deployments({ project })), ...(await gitlab.commitComments({ project }))];
    written.push(...told.map((one) => ({ where: `what project ${project} was told`, text: JSON.stringify(one) })));
  }
  return written;
};

/** All that the level left where somebody may read it, by kind. */
export const everythingWritten = async () => ({
  'lines of logs': await logLines(),
  'executions and their histories': await executions(),
  "the door's answers": await answers(),
  'items of the journal': await journal(),
  'events on the bus': await events(),
  'what GitLab was told': await toldToGitlab(),
});
