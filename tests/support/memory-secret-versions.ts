import { DeployFailure } from '../../lib/domain/failure.ts';
import type { GitlabDocument, HookDocument } from '../../lib/domain/rotation-documents.ts';
import type { SecretVersions } from '../../lib/ports/secret-versions.ts';

type Label = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

interface Secret {
  rotationEnabled: boolean;
  /** version id → its value, as it was written; a version may be labelled before it has one */
  values: Map<string, string>;
  labels: Map<Label, string>;
}

/**
 * Secrets Manager's secrets in memory, by name: `hook` and `gitlab` see the same ones. The rest is what tests do and look
 * at: ops' hands, and Secrets Manager's own.
 */
export interface MemorySecrets {
  hook: SecretVersions<HookDocument>;
  gitlab: SecretVersions<GitlabDocument>;
  /** A new secret with rotation configured; without a document it has no version at all. Answers the first version's id. */
  add: (secret: string, document?: object) => string;
  /** Labels a version AWSPENDING as RotateSecret does: it has no value yet. Raises AwsRefused while a rotation is under way. */
  begin: (secret: string, version: string) => void;
  /** put-secret-value by ops: a new AWSCURRENT, whose id it answers. */
  edit: (secret: string, document: object) => string;
  setRotation: (secret: string, enabled: boolean) => void;
  /** The version that carries the label. */
  labelled: (secret: string, label: Label) => string | undefined;
  /** The value of the version that carries the label. */
  valueOf: (secret: string, label: Label) => Record<string, unknown> | undefined;
  /** Every value that any version ever had, as text. */
  written: string[];
}

const refused = (code: string): DeployFailure => new DeployFailure('AwsRefused', code);

const parsed = (text: string | undefined): Record<string, unknown> | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);

const found = (secrets: ReadonlyMap<string, Secret>, name: string): Secret => {
  const secret = secrets.get(name);
  if (secret === undefined) throw refused('ResourceNotFoundException');
  return secret;
};

const labelsOf = ({ labels }: Secret): Record<string, string[]> => {
  const carried: Record<string, string[]> = {};
  for (const [label, version] of labels) carried[version] = [...(carried[version] ?? []), label];
  return carried;
};

/** AWSPREVIOUS follows by itself to where AWSCURRENT was; AWSPENDING stays where it is. */
const makeCurrent = ({ labels }: Secret, version: string): void => {
  const before = labels.get('AWSCURRENT');
  if (before !== undefined) labels.set('AWSPREVIOUS', before);
  labels.set('AWSCURRENT', version);
  if (labels.get('AWSPREVIOUS') === version) labels.delete('AWSPREVIOUS');
};

/** PutSecretValue: the label comes from wherever it was, but stays there when this value was written before. */
const fill = (secret: Secret, version: string, text: string): 'filled' | 'taken' => {
  const there = secret.values.get(version);
  if (there !== undefined) return there === text ? 'filled' : 'taken';
  secret.values.set(version, text);
  secret.labels.set('AWSPENDING', version);
  return 'filled';
};

const promote = (secret: Secret, version: string, from: string | undefined): void => {
  if (!secret.values.has(version)) throw refused('ResourceNotFoundException');
  if (secret.labels.get('AWSCURRENT') !== from) throw refused('InvalidParameterException');
  makeCurrent(secret, version);
};

const begin = ({ rotationEnabled, labels }: Secret, version: string): void => {
  const pending = labels.get('AWSPENDING');
  const ended = pending === undefined || pending === labels.get('AWSCURRENT');
  if (!rotationEnabled || !ended) throw refused('InvalidRequestException');
  labels.set('AWSPENDING', version);
};

const versionsIn = <Document extends object>(
  secrets: ReadonlyMap<string, Secret>,
  written: string[],
): SecretVersions<Document> => ({
  describe: async (name) => {
    const secret = found(secrets, name);
    return Promise.resolve({ rotationEnabled: secret.rotationEnabled, labels: labelsOf(secret) });
  },
  value: async (name, version) =>
    Promise.resolve(parsed(found(secrets, name).values.get(version)) as Document | undefined),
  fill: async (name, version, document) => {
    const text = JSON.stringify(document);
    const result = fill(found(secrets, name), version, text);
    if (result === 'filled') written.push(text);
    return Promise.resolve(result);
  },
  promote: async (name, version, from) => {
    promote(found(secrets, name), version, from);
    return Promise.resolve();
  },
  takeOff: async (name, version) => {
    const { labels } = found(secrets, name);
    if (labels.get('AWSPENDING') === version) labels.delete('AWSPENDING');
    return Promise.resolve();
  },
});

export const memorySecrets = (): MemorySecrets => {
  const secrets = new Map<string, Secret>();
  const written: string[] = [];
  let edits = 0;
  const edit = (name: string, document: object): string => {
    const secret = found(secrets, name);
    edits += 1;
    written.push(JSON.stringify(document));
    secret.values.set(`edit-${edits}`, JSON.stringify(document));
    makeCurrent(secret, `edit-${edits}`);
    return `edit-${edits}`;
  };
  const labelled = (name: string, label: Label) => found(secrets, name).labels.get(label);
  return {
    hook: versionsIn(secrets, written),
    gitlab: versionsIn(secrets, written),
    add: (name, document) => {
      secrets.set(name, { rotationEnabled: true, values: new Map(), labels: new Map() });
      return document === undefined ? '' : edit(name, document);
    },
    begin: (name, version) => {
      begin(found(secrets, name), version);
    },
    edit,
    setRotation: (name, enabled) => {
      found(secrets, name).rotationEnabled = enabled;
    },
    labelled,
    valueOf: (name, label) => parsed(found(secrets, name).values.get(labelled(name, label) ?? '')),
    written,
  };
};
