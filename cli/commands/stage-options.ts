import { InvalidArgumentError, type Command } from 'commander';

/** What every command has that asks a deployed stage. */
export interface StageOptions {
  stage: string;
  region?: string;
  json?: true;
}

export const json = ['--json', 'print one line of JSON instead of text'] as const;
export const region = ['--region <region>', "AWS region (default: the AWS SDK's)"] as const;

/** `--stage`, `--region` and `--json`. */
export const withStage = (command: Command): Command =>
  command
    .requiredOption('--stage <stage>', 'the deployed stage')
    .option(...region)
    .option(...json);

export const numericId = (text: string): number => {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a numeric id of GitLab.');
};

/** `--project`, where a command can be kept to one. */
export const project = ['--project <id>', 'only this project, by its numeric id', numericId] as const;

/** What every command has that examines a deployed stage. */
export interface ExamineOptions extends StageOptions {
  project?: number;
}

/** For an AWS client. Without a region the AWS SDK looks where it always looks: environment, then profile. */
export const clientOptions = ({ region: name }: { region?: string }): { region?: string } =>
  name === undefined ? {} : { region: name };
