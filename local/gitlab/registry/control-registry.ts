import { sha256 } from '../../oci/manifest-document.ts';
import type { ControlInput } from '../control-inputs.ts';
import { projectOwner } from '../access-tokens.ts';
import { addDeployToken } from '../deploy-tokens.ts';
import type { ControlVerbs, Double } from '../double.ts';
import { findProject } from '../projects.ts';
import { deleteImage, putManifest, storeImage } from './store-image.ts';

const loginVerbs = ({ world, registry }: Double) =>
  ({
    createDeployToken: ({ project, write = false }) => {
      const scopes = ['read_registry', ...(write ? ['write_registry'] : [])];
      const { username, value } = addDeployToken(world, { owner: projectOwner(findProject(world, project)), scopes });
      return { username, token: value };
    },
    createJobToken: ({ project }) => {
      const [username, secret] = ['gitlab-ci-token', `glcbt-${world.ids.secret(20)}`];
      const { id } = findProject(world, project);
      registry.credentials.push({ username, secret, project: id, actions: ['pull', 'push'], kind: 'build' });
      return { username, token: secret };
    },
  }) satisfies Partial<ControlVerbs>;

const ruleVerbs = ({ world }: Double) =>
  ({
    protectRegistryTag: ({
      project,
      pattern,
      push = 'maintainer',
      delete: deletion = 'maintainer',
      immutable = false,
    }) => {
      const id = world.ids.next('registry tag rule');
      findProject(world, project).registryTagRules.push({ id, pattern, push, delete: deletion, immutable });
      return { id };
    },
    unprotectRegistryTag: ({ project, pattern }) => {
      const found = findProject(world, project);
      found.registryTagRules = found.registryTagRules.filter((rule) => rule.pattern !== pattern);
      return null;
    },
  }) satisfies Partial<ControlVerbs>;

const faultVerbs = ({ registry }: Double) =>
  ({
    setRegistry: (settings) => {
      Object.assign(registry.settings, settings);
      return null;
    },
    setRegistryFault: (rule) => {
      registry.faults.set(rule);
      return null;
    },
    clearRegistryFaults: () => {
      registry.faults.clear();
      return null;
    },
    releaseRegistry: () => {
      registry.faults.release();
      return null;
    },
    registryRequests: () => [...registry.log.requests],
  }) satisfies Partial<ControlVerbs>;

const endpointName = 'drawbridge';

const install = ({ registry }: Double, input: ControlInput<'registryNotifications'>): null => {
  const { name = endpointName, url, headers = {}, timeout = 500, retries = 5, backoff = 1000 } = input;
  const { version = 'v1', ignore = {} } = input;
  const { mediaTypes = [], actions = [] } = ignore;
  const ignored = { mediaTypes, actions };
  registry.notifications.install({ name, url, headers, timeout, retries, backoff, version, ignore: ignored });
  return null;
};

const notificationVerbs = (double: Double) =>
  ({
    registryNotifications: (input) => install(double, input),
    removeRegistryNotifications: ({ name = endpointName }) => {
      double.registry.notifications.remove(name);
      return null;
    },
    registryDeliveries: () => [...double.registry.notifications.deliveries],
  }) satisfies Partial<ControlVerbs>;

const imageVerbs = (double: Double) =>
  ({
    pushImage: ({ behaviour, seed = double.world.ids.sha(), ...rest }) =>
      storeImage(double, { ...rest, seed, behaviour }),
    putRegistryManifest: ({ repository, tag, mediaType, body }) => {
      const bytes = Buffer.from(body);
      const manifest = { mediaType, digest: sha256(bytes), bytes };
      putManifest(double, repository, { manifest, tag });
      return { digest: manifest.digest };
    },
    deleteImage: ({ repository, reference }) => {
      deleteImage(double, repository, reference);
      return null;
    },
  }) satisfies Partial<ControlVerbs>;

/** Verbs about the container registry. */
export const registryVerbs = (double: Double) => ({
  ...imageVerbs(double),
  ...loginVerbs(double),
  ...ruleVerbs(double),
  ...faultVerbs(double),
  ...notificationVerbs(double),
});
