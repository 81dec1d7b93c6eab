import { join } from 'node:path';
import { leaveOut } from '../stage/unknown-types.ts';
import { widen } from '../stage/widening.ts';
import type { Template } from '../stage/widening.ts';
import { boundsOf } from './bounds.ts';

/** The part of the deploy tool (osls 4) that is used here. */
interface Serverless {
  service: {
    functions: Record<string, { package?: { artifact?: string }; environment?: Record<string, unknown> }>;
    custom: { caBundle: string };
    provider: { compiledCloudFormationTemplate: Template };
  };
  getProvider(name: 'aws'): { getStage(): string };
}

interface VariableRequest {
  params: string[] | null;
  address: string;
  resolveVariable: (variable: string) => Promise<unknown>;
}

/** Who asks GitLab or its registry, and so may need to trust its own certificate authority. */
const asksGitlab = [
  ...['confirm', 'find-image', 'copy-image', 'tell-gitlab'],
  ...['reconcile', 'rotate-secret', 'tend-credentials', 'tend-hooks'],
];

/** `serverless deploy` and `serverless package` build first; in the stage `local` MiniStack's gaps are bridged. */
export default class Build {
  readonly hooks: Record<string, () => Promise<void> | void>;
  readonly configurationVariablesSources = {
    bounds: {
      resolve: async ({ params, address, resolveVariable }: VariableRequest) => ({
        value: boundsOf(params?.[0] ?? '', String(await resolveVariable(`param:${address}`))),
      }),
    },
  };

  constructor(serverless: Serverless) {
    const isLocal = () => serverless.getProvider('aws').getStage() === 'local';
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        // Loaded only when needed, and not by require(), which is how the deploy tool loads this file.
        const { build, caFile, project } = await import('./build.ts');
        const out = join(project, '.build', ...(isLocal() ? ['local'] : []));
        const { functions, custom } = serverless.service;
        await build({ out, bootstrap: isLocal(), caBundle: custom.caBundle });
        for (const [name, lambda] of Object.entries(functions)) {
          lambda.package = { artifact: join(out, `${name}.zip`) };
          if (custom.caBundle !== '' && asksGitlab.includes(name))
            lambda.environment = { ...lambda.environment, NODE_EXTRA_CA_CERTS: `/var/task/${caFile}` };
        }
      },
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        if (!isLocal()) return;
        const template = serverless.service.provider.compiledCloudFormationTemplate;
        widen(template);
        leaveOut(template);
      },
    };
  }
}
