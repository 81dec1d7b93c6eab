import { DeployFailure, RotationFailure } from '../domain/failure.ts';
import type { BaseVersion } from '../domain/gitlab-version.ts';
import type { TokenOwner } from '../domain/gitlab-token.ts';
import { versionLabelled } from '../domain/rotation.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';
import type { ManagerCredentials } from '../ports/vault.ts';
import { makeTokens, type MakeTokensPorts, type RegistryPair } from './make-tokens.ts';
import { clearPending, promoteVersion } from './promote-version.ts';
import { proveAlive, proveReach, type ProvePorts } from './prove-tokens.ts';
import { revokeLeftovers, type LeftoverPorts } from './revoke-leftovers.ts';
import type { Rotation, RotationInput, StepResult } from './rotation.ts';
import { closeAttempt, selfRotate, type SelfRotatePorts } from './self-rotate.ts';
import { tokenOwner } from './token-owner.ts';

export interface GitlabRotationPorts extends LeftoverPorts, MakeTokensPorts, ProvePorts, SelfRotatePorts {
  versions: SecretVersions<GitlabDocument>;
  tokens: GitlabTokens;
  manager: () => Promise<ManagerCredentials>;
  /** ms in which whoever began to read the secret has read it */
  drain: number;
}

/** A version together with its value. */
const withValue = async (
  { versions }: GitlabRotationPorts,
  { secret }: RotationInput,
  version: string | undefined,
): Promise<BaseVersion | undefined> => {
  const document = version === undefined ? undefined : await versions.value(secret, version);
  return version === undefined || document === undefined ? undefined : { version, document };
};

const current = async (ports: GitlabRotationPorts, input: RotationInput): Promise<BaseVersion | undefined> =>
  withValue(ports, input, versionLabelled(input.description, 'AWSCURRENT'));

/** Raises RotationRefused when createSecret has not been through. */
const pending = async (ports: GitlabRotationPorts, input: RotationInput): Promise<GitlabDocument> => {
  const document = await ports.versions.value(input.secret, input.version);
  if (document === undefined)
    throw new RotationFailure('RotationRefused', 'the version that is to come has no value yet');
  return document;
};

const isSelf = (document: GitlabDocument): boolean => document.rotate_gitlab_token === 'self';

/** Raises Misconfigured when there is no manager to make tokens, or nobody for whom. */
const ownerUnder = ({ manager }: ManagerCredentials, document: GitlabDocument): TokenOwner => {
  if (manager) return tokenOwner(document);
  throw new DeployFailure('Misconfigured', 'gitlab_manager_token is needed to make tokens, and it is not filled in');
};

const made: Record<RegistryPair, StepResult> = {
  none: 'gitlab_token made',
  replaced: 'gitlab_token and registry_password made',
  'not ours': 'gitlab_token made; registry_password is no deploy token there and was left alone',
};

const createUnderManager = async (
  ports: GitlabRotationPorts,
  { secret, version }: RotationInput,
  base: BaseVersion,
): Promise<StepResult> => {
  const owner = ownerUnder(await ports.manager(), base.document);
  const { at, deploy } = await revokeLeftovers(ports)({ secret, owner, revokeNow: false });
  const { document, registry } = await makeTokens(ports)({ owner, version, base, at, deploy });
  // Taken: another invocation was faster. What was made here is an orphan, and revoked when it is old enough.
  return (await ports.versions.fill(secret, version, document)) === 'filled' ? made[registry] : 'there already';
};

const createSecret = async (ports: GitlabRotationPorts, input: RotationInput): Promise<StepResult> => {
  const there = await ports.versions.value(input.secret, input.version);
  if (there !== undefined) {
    if (isSelf(there)) await closeAttempt(ports.journal);
    return 'there already';
  }
  const base = await current(ports, input);
  if (base === undefined) throw new DeployFailure('Misconfigured', 'the GitLab secret has no value to begin with');
  if (!isSelf(base.document)) return createUnderManager(ports, input, base);
  const result = await selfRotate(ports)({ ...input, base });
  return result === 'filled' ? 'gitlab_token replaced itself' : 'there already';
};

/**
 * Somebody changed the secret meanwhile, and promotion would undo that: AWSPENDING is taken off. Not while its token is the
 * only one that lives: readers would be locked out, and a person must copy it into AWSCURRENT.
 */
const giveUpBase = async (
  ports: GitlabRotationPorts,
  input: RotationInput,
  document: GitlabDocument,
): Promise<never> => {
  const inUse = await current(ports, input);
  const isInUseAlive = inUse !== undefined && (await ports.tokens.self(inUse.document.gitlab_token)) !== undefined;
  if (!isInUseAlive && (await ports.tokens.self(document.gitlab_token)) !== undefined)
    throw new RotationFailure(
      'BaseChanged',
      'the secret was changed meanwhile, to a gitlab_token that is dead; the one of AWSPENDING lives and was left there',
    );
  await ports.versions.takeOff(input.secret, input.version);
  throw new RotationFailure('BaseChanged', 'the secret was changed meanwhile; the rotation was given up');
};

const checkBase = async (ports: GitlabRotationPorts, input: RotationInput, document: GitlabDocument): Promise<void> => {
  if (versionLabelled(input.description, 'AWSCURRENT') !== document.base_version)
    await giveUpBase(ports, input, document);
};

/** Nothing was staged, as when rotation is configured without rotating at once: what is in use is tested. */
const testInUse = async (ports: GitlabRotationPorts, inUse: BaseVersion | undefined): Promise<StepResult> => {
  if (inUse === undefined) return 'not filled yet';
  await proveAlive(ports, inUse.document);
  return 'what is in use works';
};

const testSecret = async (ports: GitlabRotationPorts, input: RotationInput): Promise<StepResult> => {
  const document = await ports.versions.value(input.secret, input.version);
  const inUse = await current(ports, input);
  if (document === undefined) return testInUse(ports, inUse);
  await checkBase(ports, input, document);
  try {
    await proveAlive(ports, document);
  } catch (error) {
    // Its value is for ever: only another version can be better.
    if (error instanceof RotationFailure && error.name === 'NotProven')
      await ports.versions.takeOff(input.secret, input.version);
    throw error;
  }
  if (inUse !== undefined) await proveReach(ports, document, inUse.document);
  return 'proven';
};

/**
 * The rotation of the GitLab secret: gitlab_token, and the deploy token for pulling where the secret holds one. New ones
 * are made beside the old ones, which tend-credentials revokes later. Raises Misconfigured, RotationRefused, BaseChanged,
 * NotProven, OutOfReach, TokenDead, TokenLost, and what its ports raise.
 */
export const gitlabRotation = (ports: GitlabRotationPorts): Rotation => ({
  createSecret: async (input) => createSecret(ports, input),
  setSecret: async (input) => {
    await pending(ports, input);
    return 'nothing to set: GitLab made the tokens';
  },
  testSecret: async (input) => testSecret(ports, input),
  finishSecret: async (input) => {
    const document = await pending(ports, input);
    await checkBase(ports, input, document);
    const result = await promoteVersion(ports.versions, input, document.base_version);
    await clearPending(ports, input);
    return result;
  },
});
