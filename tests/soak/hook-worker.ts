import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, project as home } from '../../local/build/build.ts';
import { startAwsStub } from '../bench/aws-stub.ts';
import type { AwsStub } from '../bench/aws-stub.ts';
import { hookEnvironment, hookSecret, storeWith } from '../bench/hook-scene.ts';
import { startHostedLambda } from '../bench/hosted-lambda.ts';
import type { HostedLambda } from '../bench/hosted-lambda.ts';

/** Builds the function into a folder that is there for as long as `act` needs it. */
export const withBuiltFunction = async <T>(name: string, act: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-workers-'));
  try {
    await build({ out: folder, bootstrap: false, caBundle: '', functions: [name] });
    await mkdir(join(folder, 'home'));
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The built pipeline-webhook in a process of its own, before an AWS of its own. */
export interface HookWorker {
  lambda: HostedLambda;
  stub: AwsStub;
  /** of Secrets Manager since the last time, retries included */
  secretCalls: () => number;
  end: () => Promise<void>;
}

/** `folder`: what withBuiltFunction gave; `project`: which has a target. */
interface Hosting {
  folder: string;
  project: number;
  cacheSeconds: number;
}

export const startHookWorker = async ({ folder, project, cacheSeconds }: Hosting): Promise<HookWorker> => {
  const stub = await startAwsStub(hookSecret, storeWith(project, 1));
  const env = {
    ...(await hookEnvironment(stub.url, join(folder, 'home'))),
    SECRET_CACHE_SECONDS: String(cacheSeconds),
  };
  const client = join(home, 'local', 'build', 'bootstrap.ts');
  const lambda = await startHostedLambda({ client, taskRoot: join(folder, 'pipeline-webhook'), env });
  return {
    lambda,
    stub,
    secretCalls: () => stub.takeCalls().filter((name) => name === 'secretsmanager.GetSecretValue').length,
    end: async () => {
      await lambda.end();
      await stub.close();
    },
  };
};
