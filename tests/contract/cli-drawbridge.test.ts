import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { drawbridge as command } from '../support/drawbridge-command.ts';
import { bounds, document } from '../unit/cli/memory-target-store.ts';

// ms. Each test starts programs, on a machine that may be busy with other levels: how fast they start is not tested.
const patience = 30_000;

let aws: LocalAws;
let folder: string;
let file: string;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: bounds.region });
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-cli-'));
  file = join(folder, 'targets.json');
  await writeFile(file, JSON.stringify({ project: 4711, targets: { web: document } }));
  await send((client) =>
    client.send(
      new PutParameterCommand({ Name: '/drawbridge/prod/bounds', Value: JSON.stringify(bounds), Type: 'String' }),
    ),
  );
}, 90_000);

afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true, force: true });
});

const send = async <T>(ask: (client: SSMClient) => Promise<T>): Promise<T> => {
  const client = new SSMClient(clientOptionsOf(aws));
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
};

const drawbridge = (args: string[], env: Record<string, string> = aws.env) => command(args, env);

const stored = (name: string) =>
  send((client) => client.send(new GetParameterCommand({ Name: `/drawbridge/prod/targets/4711/${name}` })));

test(
  'applies a file, and again, and says what it did',
  async () => {
    expect(await drawbridge(['targets', 'apply', file, '--stage', 'prod'])).toEqual({
      code: 0,
      out: ['created 4711/web', '1 created, 0 changed, 0 unchanged'],
      err: '',
    });
    expect(JSON.parse((await stored('web')).Parameter?.Value ?? '')).toEqual(document);
    const again = await drawbridge(['targets', 'apply', file, '--stage', 'prod', '--region', bounds.region]);
    expect(again).toEqual({ code: 0, out: ['unchanged 4711/web', '0 created, 0 changed, 1 unchanged'], err: '' });
  },
  patience,
);

test(
  'lists what is stored, of one project or all',
  async () => {
    const { code, out } = await drawbridge(['targets', 'list', '--stage', 'prod']);
    const row = `4711/web  pipeline main  ${document.cluster}/${document.service}  rolling`;
    expect({ code, out }).toEqual({ code: 0, out: [row, '1 target, 0 broken'] });
    const other = await drawbridge(['targets', 'list', '--stage', 'prod', '--project', '1', '--json']);
    expect(other).toEqual({ code: 0, out: ['{"targets":[],"broken":[]}'], err: '' });
  },
  patience,
);

test(
  'refuses what the stack may not touch, with exit code 1, and writes nothing',
  async () => {
    const bad = join(folder, 'bad.json');
    const targets = { fine: document, bad: { ...document, service: 'foreign', cluster: 'foreign' } };
    await writeFile(bad, JSON.stringify({ project: 4711, targets }));
    for (const verb of ['check', 'apply']) {
      const { code, out } = await drawbridge(['targets', verb, bad, '--stage', 'prod']);
      expect(code).toBe(1);
      expect(out[0]).toMatch(/^.*bad\.json: bad: service: this stack may not touch arn:.*:service\/foreign\/foreign$/);
    }
    await expect(stored('fine')).rejects.toThrow('not found');
  },
  patience,
);

test(
  'checks the form without any AWS',
  async () => {
    expect(await drawbridge(['targets', 'check', file], {})).toEqual({
      code: 0,
      out: ['form only: without --stage nothing is held against what a stack may touch', '1 target, 0 problems'],
      err: '',
    });
  },
  patience,
);

test(
  '--json prints one line of it',
  async () => {
    const { code, out } = await drawbridge(['targets', 'check', file, '--json'], {});
    expect(code).toBe(0);
    expect(out.map((line): unknown => JSON.parse(line))).toEqual([
      { targets: 1, problems: [], notInFile: [], formOnly: true },
    ]);
  },
  patience,
);

test(
  'help is no mistake',
  async () => {
    const { code, out } = await drawbridge(['--help'], {});
    expect({ code, first: out[0] }).toEqual({ code: 0, first: 'Usage: drawbridge [options] [command]' });
  },
  patience,
);

test(
  "the example's targets have the form that is asked for",
  async () => {
    const { code, out } = await drawbridge(['targets', 'check', 'examples/targets.json'], {});
    expect({ code, last: out.at(-1) }).toEqual({ code: 0, last: '6 targets, 0 problems' });
  },
  patience,
);

test(
  'says in one line what AWS said, and ends with 3: not known',
  async () => {
    const { code, err } = await drawbridge(['targets', 'check', file, '--stage', 'nowhere']);
    expect({ code, err }).toEqual({
      code: 3,
      err: 'drawbridge: there is no parameter /drawbridge/nowhere/bounds: is this stage deployed, in this account and region?\n',
    });
  },
  patience,
);

test(
  'apply without a stage is a usage error',
  async () => {
    const { code, err } = await drawbridge(['targets', 'apply', file]);
    expect(code).toBe(2);
    expect(err).toContain("required option '--stage <stage>' not specified");
  },
  patience,
);

test.each([
  [['plan', '4711/web', '--stage', 'prod'], 'name either --pipeline or --tag'],
  [['plan', '4711/web', '--stage', 'prod', '--pipeline', '1', '--tag', 'v1'], 'name either --pipeline or --tag'],
  [['plan', 'web', '--stage', 'prod', '--pipeline', '1'], 'It must be <project id>/<name>'],
  [['hooks', 'list', '--stage', 'prod', '--project', 'acme/web'], 'It must be a numeric id'],
])(
  '%j is a usage error, and nothing is asked',
  async (args, says) => {
    const { code, err } = await drawbridge(args, {});
    expect(code).toBe(2);
    expect(err).toContain(says);
  },
  patience,
);

test(
  'a stage that is not deployed is not known',
  async () => {
    const { code, err } = await drawbridge(['doctor', '--stage', 'nowhere']);
    expect(code).toBe(3);
    expect(err).toContain('there is no function drawbridge-nowhere-rotate-secret: is this stage deployed');
  },
  patience,
);
