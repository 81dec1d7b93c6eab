import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoCopyJournal } from '../../lib/adapters/aws/dynamo-copy-journal.ts';
import { dynamoJournal } from '../../lib/adapters/aws/dynamo-journal.ts';
import type { CopyJournal } from '../../lib/ports/copy-journal.ts';
import type { Journal } from '../../lib/ports/journal.ts';
import { clientOptionsOf } from '../aws.ts';
import { stage } from '../deploy.ts';
import type { Executions } from '../executions.ts';
import { executionsOf } from '../executions.ts';
import type { RepositoryView } from '../fleet/registry-seeds.ts';
import type { ServiceView } from '../fleet/seeds.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { SeededPlatform } from '../seeded-platform.ts';
import type { Users } from '../users.ts';
import { startUsers } from '../users.ts';

export interface Commit {
  letter: 'A' | 'B' | 'C';
  sha: string;
  /** its image's */
  digest: string;
}

/** The world with its platform and users, and what is known of the commits so far. */
export interface Scene {
  platform: SeededPlatform;
  executions: Executions;
  journal: Pick<Journal, 'read'>;
  copies: Pick<CopyJournal, 'layers' | 'uploads'>;
  users: Users;
  commits: Commit[];
  service(): ServiceView;
  /** the repository in ECR */
  ecr(): RepositoryView;
}

/** Read by the product's own adapters: what is shown is what ops could see. */
const journalsOf = ({ aws }: Rehearsal): Pick<Scene, 'journal' | 'copies'> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptionsOf(aws)));
  const table = `drawbridge-${stage}-journal`;
  return {
    journal: dynamoJournal(client, table),
    copies: dynamoCopyJournal(client, { table, now: () => new Date() }),
  };
};

/** Lets the users in: from now on they send requests, one every `askEvery` ms of real time. */
export const openScene = (rehearsal: Rehearsal, platform: SeededPlatform, askEvery?: number): Scene => {
  const { cluster, service, repository, url } = platform.target;
  return {
    platform,
    executions: executionsOf(rehearsal),
    ...journalsOf(rehearsal),
    users: startUsers(url, askEvery),
    commits: [{ letter: 'A', ...platform.serving }],
    service: () => rehearsal.world.serviceView(cluster, service),
    ecr: () => rehearsal.world.ecrView(repository),
  };
};

/** Of which commit an image in a task definition is: by digest as we pin it, by tag as A began. */
export const letterOf = ({ commits }: Scene, image = ''): string =>
  commits.find(({ sha, digest }) => image.endsWith(`@${digest}`) || image.endsWith(`:${sha.slice(0, 8)}`))?.letter ??
  '?';

/** Running tasks by commit: one commit may have two rollouts, one going and one coming back. */
const tasksByCommit = (scene: Scene, { rollouts }: ServiceView): string => {
  const count = (letter: string): number =>
    rollouts
      .filter(({ images }) => letterOf(scene, images[0]) === letter)
      .reduce((sum, { running }) => sum + running, 0);
  return scene.commits.map(({ letter }) => `${letter} ${count(letter)}`).join(', ');
};

/** Requests that users had answered, by commit. */
export const answersByCommit = ({ commits, users }: Scene): string => {
  const { byDigest } = users.traffic();
  return commits.map(({ letter, digest }) => `${letter} ${byDigest[digest] ?? 0}`).join(', ');
};

/** What is so right now, for people. */
export const statusLines = (scene: Scene): string[] => {
  const view = scene.service();
  const { failed } = scene.users.traffic();
  return [
    `tasks ${view.running} running / ${view.desired} desired: ${tasksByCommit(scene, view)}`,
    `requests answered by ${answersByCommit(scene)}; failed ${failed}`,
  ];
};
