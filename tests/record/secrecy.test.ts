import { putSecretValuesAt } from '../../local/secrets/secrets-manager.ts';
import { deployed, fleet, gitlab } from '../support/deployed.ts';
import { everythingWritten } from './everything-written.ts';
import { leaks, type Written } from './leaks.ts';

/** Nothing secret is ever logged, journalled or sent (docs/security.md): looked for in all that the level left behind. */

const { planted, webhookToken, registryToken, gitlabToken, managerToken } = deployed;
/** What every token of the registry's login begins with, and every link to a blob ends with. */
const passing = {
  loginToken: Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'HS256' })).toString('base64url'),
  blobLink: 'X-Amz-Signature=',
};
const named = { ...planted, webhookToken, registryToken, gitlabToken, managerToken, ...passing };

/** The keys of both rotated secrets whose values nobody may see. */
const secretKeys =
  /^(webhook_token|webhook_signing_token|registry_token|registry_token_next|gitlab_token|registry_password)$/;

/** Every value that any version of a secret ever had, and every token that GitLab made. */
const everyValue = async (): Promise<string[]> => {
  const documents = (await putSecretValuesAt(deployed.recorderUrl)).map((text) => JSON.parse(text) as object);
  const put = documents.flatMap((document) => Object.entries(document).filter(([key]) => secretKeys.test(key)));
  return [...new Set([...put.map(([, value]) => String(value)), ...(await gitlab.tokenValues())])];
};

let written: [kind: string, texts: Written[]][];
let secrets: Record<string, string>;

beforeAll(async () => {
  written = Object.entries(await everythingWritten());
  const values = (await everyValue()).filter((value) => !Object.values(named).includes(value));
  secrets = { ...named, ...Object.fromEntries(values.map((value, index) => [`value ${index + 1}`, value])) };
}, 120_000);

test('no secret is found in anything that was written', () => {
  expect(written.flatMap(([, texts]) => leaks(texts, secrets))).toEqual([]);
});

test('there was something of each kind to look at, and a secret in it would have been found', () => {
  // Some tests alone may leave nothing of a kind behind.
  for (const [kind, texts] of written.filter(([, some]) => deployed.complete || some.length > 0)) {
    const [first = { where: 'nowhere', text: '' }] = texts;
    expect([kind, texts.length]).not.toEqual([kind, 0]);
    const spoilt = Object.values(secrets).map((secret) => ({ ...first, text: first.text + secret }));
    expect([kind, leaks(spoilt, secrets)]).toEqual([
      kind,
      Object.keys(secrets).map((name) => `${name} in ${first.where}`),
    ]);
  }
});

test('GitLab alone was shown the password for the registry, the registry alone its tokens, and object storage nothing', async () => {
  const shown = { login: ['Basic'], registry: ['none', 'Bearer'], storage: ['none'] };
  const asked = await gitlab.registryRequests();
  expect(asked.filter(({ server, authorization }) => !shown[server].includes(authorization))).toEqual([]);
});

// Of some tests alone it cannot be asked; tests/run.ts then says so.
if (deployed.complete)
  test('the secrets went through our hands: task definitions were read and written, errors were answered', async () => {
    const registered = (await fleet.calls({ operation: 'RegisterTaskDefinition' })).map(({ input }) =>
      JSON.stringify(input),
    );
    expect(registered.some((text) => text.includes(planted.environment) && text.includes(planted.command))).toBe(true);
    const refused = (await fleet.calls()).filter(({ fault }) => fault === 'refuse');
    expect(refused.map(({ service }) => service)).toEqual(expect.arrayContaining(['ecr', 'ecs']));
    expect((await gitlab.requests()).some(({ status }) => status === 403)).toBe(true);
    const servers = (await gitlab.registryRequests()).map(({ server, status }) => `${server} ${status}`);
    expect(servers).toEqual(expect.arrayContaining(['login 200', 'registry 307', 'storage 200']));
  });
