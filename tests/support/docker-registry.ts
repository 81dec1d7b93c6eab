import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startChild } from '../../local/children.ts';
import { programAt } from '../../local/third-party.ts';

/** Debian's docker-registry, which GitLab's own was made from, without login, on a free port of 127.0.0.1. */
export interface DockerRegistry {
  host: string;
  /** where its files are; it has nothing when there is nothing */
  storage: string;
  close(): Promise<void>;
}

const patienceMs = 20_000;

const isUp = (host: string): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts it in a folder; `more` goes into its configuration. */
export const startDockerRegistry = async (folder: string, more: object = {}): Promise<DockerRegistry> => {
  await mkdir(folder, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const [config, rootdirectory] = [join(folder, 'registry.yml'), join(folder, 'storage')];
  const storage = { filesystem: { rootdirectory } };
  const log = { level: 'warn', accesslog: { disabled: true } };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ version: '0.1', log, storage, http: { addr: host }, ...more }));
  const child = startChild(programAt('docker-registry'), ['serve', config], { env: {}, cwd: folder });
  const deadline = Date.now() + patienceMs;
  while (!(await isUp(host))) {
    if (Date.now() > deadline) {
      await child.end();
      throw new Error(`docker-registry does not answer: ${child.lastOutput()}`);
    }
    await sleep(50);
  }
  return { host, storage: rootdirectory, close: () => child.end() };
};
