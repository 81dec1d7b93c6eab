import { deployed } from './deployed.ts';
import { drawbridge, type CommandEnd } from './drawbridge-command.ts';
import { drawbridgeInTerminal, type Terminal } from './pseudo-terminal.ts';

/** `drawbridge` as ops run it against the deployed stack, with the administrator's keys. */

const env: Record<string, string> = {
  AWS_ACCESS_KEY_ID: deployed.accessKeyId,
  AWS_SECRET_ACCESS_KEY: deployed.secretAccessKey,
  AWS_REGION: deployed.region,
  AWS_ENDPOINT_URL: deployed.awsUrl,
  AWS_ENDPOINT_URL_ECS: deployed.fleetUrl,
  AWS_ENDPOINT_URL_ECR: deployed.fleetUrl,
  AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: deployed.fleetUrl,
};

const stage = ['--stage', 'local'];

export const operate = (...args: string[]): Promise<CommandEnd> => drawbridge([...args, ...stage], env);

export const operateInTerminal = (...args: string[]): Terminal => drawbridgeInTerminal([...args, ...stage], env);

/** What went on, in the order in which it was first drawn. */
export const phasesDrawn = (drawn: string): string[] => [
  ...new Set([...drawn.matchAll(/● (\w+)/g)].map(([, phase]) => phase ?? '')),
];

/** What was drawn of its tasks, each view once: more than one, where it moved. */
export const tasksDrawn = (drawn: string): string[] => [
  ...new Set([...drawn.matchAll(/tasks \S+ \d+ running of \d+[^\r\n\u001b]*/g)].map(([text]) => text)),
];
