import { styleText } from 'node:util';
import { bytesOf } from './copy-verdict.ts';
import type { Deployed } from './deploy-commit.ts';
import { timesHeader } from './narrator.ts';
import { answersByCommit, type Commit, type Scene } from './scene.ts';
import { inSize, inMinutes, inSeconds, plural, short } from '../../cli/words.ts';

/** Why a deployment ended as it did, sentence by sentence, as the journal has it; of ARNs only what names the resource. */
export const reasonsOf = ({ end, execution }: Deployed): string[] =>
  (end?.because ?? execution.cause ?? '').replaceAll(/arn:[\w-]+:[\w-]+:[\w-]*:\d*:/g, '').split('; ');

/** How a deployment ended, in a few words. */
export const endOf = ({ end, execution }: Deployed): string => {
  if (end === undefined) return `${execution.status}, and the journal has no end`;
  if (end.outcome !== 'failed') return end.outcome;
  return `${end.failure ?? 'failed'}, ${end.undo ?? 'not undone'}`;
};

const commitRow = ({ letter, sha, digest }: Commit, ended: string): string =>
  `  ${letter} ${sha.slice(0, 8)}  ${short(digest)}  ${ended}`;

const deployedRow = (deployed: Deployed, speed: number): string => {
  const { startedAt, stoppedAt = new Date() } = deployed.execution;
  const seconds = (stoppedAt.getTime() - startedAt.getTime()) / 1000;
  const left = commitRow(deployed.commit, endOf(deployed)).padEnd(72);
  return `${left}${inSeconds(seconds).padStart(9)}${inMinutes(seconds * speed).padStart(14)}`;
};

/** The digest of an image pinned by it, else its name without the registry. */
const imageOf = (image: string): string => {
  const [name = '', digest] = image.split('@');
  return digest === undefined ? (name.split('/').at(-1) ?? '') : short(digest);
};

const serviceRow = (scene: Scene): string => {
  const { rollouts, running, desired } = scene.service();
  const primary = rollouts.find(({ status }) => status === 'PRIMARY');
  const revision = primary?.taskDefinitionArn.split('/').at(-1) ?? 'no revision';
  return `  service: ${revision} on ${imageOf(primary?.images[0] ?? '')}, ${running} of ${plural(desired, 'task')} running`;
};

const copiedBy = (deployed: Deployed): string => {
  const { present, moved } = bytesOf(deployed);
  const there = present === 0 ? '' : ` (${inSize(present)} were in ECR already)`;
  return `${deployed.commit.letter} ${inSize(moved)}${there}`;
};

/** How the commits fared: the first, which served, and those deployed. */
export const commitRows = ({ commits: [serving] }: Scene, deployed: Deployed[], speed: number): string[] => [
  ...(serving === undefined ? [] : [commitRow(serving, 'served when it began')]),
  ...deployed.map((each) => deployedRow(each, speed)),
];

export const copiedRow = (deployed: Deployed[]): string => `  copied:  ${deployed.map(copiedBy).join(', ')}`;

/** The table of what happened. */
export const summaryLines = (scene: Scene, deployed: Deployed[], speed: number): string[] => {
  const { answered, failed } = scene.users.traffic();
  return [
    '',
    styleText('bold', timesHeader('What happened')),
    ...commitRows(scene, deployed, speed),
    serviceRow(scene),
    copiedRow(deployed),
    `  users:   ${plural(answered, 'request')} answered by ${answersByCommit(scene)}; ${failed} failed`,
  ];
};
