import { clientsOf, outputsOf } from '../../local/rehearsal.ts';
import { seedNames } from '../../local/seed-names.ts';
import { partsOf, type Block, type Part } from '../support/documented/document.ts';
import { filledIn, typedInto, type Placeholders, type Typed } from '../support/documented/filled-in.ts';
import { openGuideWorld, type GuideWorld, type Released } from '../support/documented/guide-world.ts';
import { openReader, type Reader } from '../support/documented/reader.ts';
import { until } from '../support/until.ts';

/**
 * The documents as a reader follows them: every `bash` block, in order, in one shell, against a local world in which there is
 * nothing of ours yet. What the reader puts in, types, and does in GitLab's pages is below; all else is the documents' own.
 */
const documents = ['setup.md', 'from-keys-to-none.md', 'rotation.md', 'day-two.md'] as const;

let world: GuideWorld;
let reader: Reader;
let released: Released;
/** what the last block printed */
let printed = '';

beforeAll(async () => {
  world = await openGuideWorld();
  reader = await openReader(world.env);
}, 180_000);

afterAll(async () => {
  await reader.close();
  await world.close();
}, 30_000);

const output = async (key: string): Promise<string> => (await outputsOf(clientsOf(world.aws)))[key] ?? '';

const started = ({ delivery }: Released): string => {
  const { started: all } = JSON.parse(delivery.responseBody) as { started?: { execution: string }[] };
  return all?.[0]?.execution ?? '';
};

const placeholders: Placeholders = {
  stage: () => 'local',
  'project id': () => String(world.project),
  target: () => 'ml',
  "GitLab's registry": () => world.gitlab.registryHost,
  AlarmTopic: () => output('AlarmTopic'),
  'pipeline id': () => String(released.pipeline),
  execution: () => started(released),
  "the CI's user": () => world.ciUser.name,
  key: () => world.ciUser.key,
  'secret-arn': () => seedNames.gitlabSecret,
  'lambda-arn': () => output('RotationFunctionArn'),
};

const typed: Typed = {
  'gitlab.json': () => {
    const { url, token, registryHost } = world.gitlab;
    const own = { gitlab_url: url, gitlab_token: token, gitlab_project_id: String(world.project) };
    return JSON.stringify({ ...own, registry_host: registryHost });
  },
  'manager.json': async () => {
    const { token } = await world.gitlab.control.createAccessToken({ name: 'manager', accessLevel: 50 });
    return JSON.stringify({ gitlab_manager_token: token });
  },
};

/** Blocks that are not run here, by their first line, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'git clone <URL of this repository> drawbridge && cd drawbridge': 'the tests run in a clone that is installed',
  'aws ec2 modify-instance-metadata-options --instance-id <id> --http-tokens required --http-put-response-hop-limit 2':
    'in the local world no machine on EC2 runs CI',
  'git pull': 'the tests are about what is here, not about what may come',
};

const askGitlab = async (method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { 'PRIVATE-TOKEN': world.gitlab.token, 'Content-Type': 'application/json' };
  const url = `${world.gitlab.url}/api/v4/projects/${world.project}${path}`;
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect({ path, ok: answer.ok }).toEqual({ path, ok: true });
  return answer.status === 204 ? undefined : answer.json();
};

const hooks = async () => (await askGitlab('GET', '/hooks')) as { id: number; url: string }[];

const expectDeployed = async ({ digest }: Released): Promise<void> => {
  await until('the service to run what was pushed', () => {
    const { rollouts } = world.serviceView();
    const done = rollouts.length === 1 && rollouts[0]?.images.every((image) => image.endsWith(digest));
    return Promise.resolve(done === true ? true : undefined);
  });
};

/** What a person does under a heading, before the blocks there. */
const byHand: Readonly<Record<string, () => Promise<void>>> = {
  'setup.md 7. The first push': async () => {
    expect(await hooks()).toMatchObject([{ url: await output('HookUrl') }]);
    released = await world.release();
    expect(released.delivery).toMatchObject({ responseStatus: 202 });
    expect(started(released)).toMatch(/^ml-/);
  },
  'setup.md Beside the way': () => expectDeployed(released),
  'setup.md The webhook': async () => {
    const [token] = /^[0-9a-f]{64}$/m.exec(printed) ?? [];
    for (const { id, url } of await hooks()) await askGitlab('PUT', `/hooks/${id}`, { url, token });
    await until('the door to take the new token', async () => {
      released = await world.release();
      return released.delivery.responseStatus === 202 ? true : undefined;
    });
  },
  'day-two.md Go back': () => expectDeployed(released),
  'day-two.md Remove': async () => {
    for (const { id } of await hooks()) await askGitlab('DELETE', `/hooks/${id}`);
  },
};

const firstLine = ({ text }: Block): string => text.split('\n')[0] ?? '';

const run = async (block: Block): Promise<void> => {
  await world.scheduleRotation();
  printed = await reader.run(await filledIn(block, placeholders), await typedInto(block, typed));
};

/** whether a step has begun that has not ended well */
let under = false;

/** One step of the way; after one that failed there is none to go. */
const step = async (act: () => Promise<void>): Promise<void> => {
  if (under) throw new Error('a step before this one failed');
  under = true;
  await act();
  under = false;
};

const testOf = (document: string, part: Part): void => {
  if (part.kind === 'heading') {
    const act = byHand[`${document} ${part.text}`];
    if (act !== undefined) test(`${part.at} ${part.text}`, () => step(act), 120_000);
  } else if (leftOut[firstLine(part)] === undefined)
    test(`${part.at} ${firstLine(part)}`, () => step(() => run(part)), 180_000);
};

test('nothing is listed above that is in no document', () => {
  const parts = documents.flatMap((document) => partsOf(document).map((part) => ({ document, ...part })));
  const headings = parts.flatMap(({ kind, document, text }) => (kind === 'heading' ? `${document} ${text}` : []));
  const blocks = parts.flatMap((part) => (part.kind === 'block' ? part : []));
  const all = blocks.map(({ text }) => text).join('\n');
  const idle = {
    placeholders: Object.keys(placeholders).filter((name) => !all.includes(`<${name}>`)),
    typed: Object.keys(typed).filter((file) => !all.includes(`cat > ${file} `)),
    leftOut: Object.keys(leftOut).filter((line) => !blocks.some((block) => firstLine(block) === line)),
    byHand: Object.keys(byHand).filter((heading) => !headings.includes(heading)),
  };
  expect(idle).toEqual({ placeholders: [], typed: [], leftOut: [], byHand: [] });
});

describe.each(documents)('%s', (document) => {
  for (const part of partsOf(document)) testOf(document, part);
});
