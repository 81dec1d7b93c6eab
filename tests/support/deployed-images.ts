import { SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreTargetStore } from '../../cli/aws/parameter-store-target-store.ts';
import { repositoryKey } from '../../lib/domain/repository-key.ts';
import type { RepositoryView } from '../../local/fleet/registry-seeds.ts';
import type { FleetCall } from '../../local/fleet/seeds.ts';
import type { ControlInput } from '../../local/gitlab/control-inputs.ts';
import type { RegistryDelivery } from '../../local/gitlab/registry/notification-sender.ts';
import type { RegistryRequest } from '../../local/gitlab/registry/registry-log.ts';
import type { StoredImage } from '../../local/gitlab/registry/store-image.ts';
import { seedNames } from '../../local/seed-names.ts';
import type { Users } from '../../local/users.ts';
import {
  clientOptions,
  deployed,
  fleet,
  gitlab,
  gitlabRepository,
  healthy,
  putTarget,
  registry,
  rehearsed,
  until,
  type Scene,
  type SceneOptions,
} from './deployed.ts';

/** Images that are pushed to GitLab's registry, told to our registry hook, and copied into ECR. */

const index = parameterStoreTargetStore(new SSMClient(clientOptions), 'local');

type Sender = Omit<ControlInput<'registryNotifications'>, 'url' | 'headers'>;

/** A sender of GitLab's registry that tells our door, as docs/setup.md sets it up unless `sender` says otherwise. */
export const tellDoor = (sender: Sender = {}): Promise<null> =>
  gitlab.registryNotifications({
    ...{ timeout: 5_000, retries: 10, backoff: 1_000 },
    ignore: { mediaTypes: ['application/octet-stream'], actions: ['pull', 'delete', 'mount'] },
    ...sender,
    url: deployed.registryHookUrl,
    headers: { ...deployed.hookHeaders, Authorization: `Bearer ${deployed.registryToken}` },
  });

/** While the tests of a file run, pushes are told to our door. */
export const tellOfPushes = (): void => {
  beforeAll(() => tellDoor());
  afterAll(() => gitlab.removeRegistryNotifications({}));
};

/** An image that was pushed, and what our door said of it. */
export interface Pushed extends StoredImage {
  /** the id of the push's event */
  event: string;
  /** what it began, '' when nothing */
  execution: string;
}

type Image = Omit<ControlInput<'pushImage'>, 'repository'> & { tag: string };

/** What the door said had begun; '' when that is nothing. */
export const begunBy = ({ responseBody }: Pick<RegistryDelivery, 'responseBody'>): string =>
  (JSON.parse(responseBody) as { started?: { execution: string }[] }).started?.[0]?.execution ?? '';

/** Pushes an image, healthy unless it says otherwise, and waits for our door's answer to its event. */
export const pushTo = async (repository: string, image: Image): Promise<Pushed> => {
  const before = (await gitlab.registryDeliveries()).length;
  const stored = await gitlab.pushImage({ behaviour: healthy, ...image, repository });
  const isAbout = (one: RegistryDelivery): boolean =>
    one.repository === repository && one.tag === image.tag && one.digest === stored.digest && one.state === 'accepted';
  const told = await until(`the door to hear of ${repository}:${image.tag}`, async () =>
    (await gitlab.registryDeliveries()).slice(before).find(isAbout),
  );
  return { ...stored, event: told.event, execution: begunBy(told) };
};

/** The part of a target's document that may differ. */
type Fields = Record<string, unknown>;

/** Writes a target of the scene that waits for images of this repository, as `targets apply` does. */
export const awaitImages = async (
  { project, name }: Pick<Scene, 'project' | 'name'>,
  { target, repository, fields = {} }: { target: string; repository: string; fields?: Fields },
): Promise<void> => {
  await putTarget(project, target, {
    on: { image: { repository, tag: 'v*' } },
    ecr_repository: ecrOf(name),
    cluster: seedNames.cluster,
    service: name,
    containers: [seedNames.container],
    strategy: { type: 'rolling' },
    ...fields,
  });
  await index.writeEntry(repositoryKey(repository), [project]);
};

/** No target waits for images of this repository any more. */
export const forget = (repository: string): Promise<void> => index.writeEntry(repositoryKey(repository), []);

/** An ECR repository of the scene's own. */
export const ecrOf = (scene: string): string => `govcloud-ml-platform-${scene}`;

/** A scene whose target waits for images of its repository in GitLab's registry, whose tags v* are protected. */
export interface ImageScene extends Scene {
  /** in GitLab's registry */
  images: string;
  push(image: Image): Promise<Pushed>;
  ecr(): Promise<RepositoryView>;
  /** the digest that a tag names in ECR */
  tagged(tag: string): Promise<string | undefined>;
  /** an image as we deploy it */
  pinned(image: Pick<StoredImage, 'digest'>): string;
  /** calls to its ECR repository that took effect */
  ecrCalls(operation: string): Promise<FleetCall[]>;
}

const imageScene = (scene: Scene): ImageScene => {
  const images = gitlabRepository(scene.name);
  const ecr = ecrOf(scene.name);
  return {
    ...scene,
    images,
    push: (image) => pushTo(images, image),
    ecr: () => fleet.ecrView(ecr),
    tagged: async (tag) => (await fleet.ecrView(ecr)).images.find(({ tags }) => tags.includes(tag))?.digest,
    pinned: ({ digest }) => `${registry}/${ecr}@${digest}`,
    ecrCalls: async (operation) =>
      (await fleet.calls({ operation })).filter(
        ({ input, outcome }) => input['repositoryName'] === ecr && outcome === 'ok',
      ),
  };
};

export interface ImageSceneOptions extends SceneOptions {
  /** of the target's document */
  target?: Fields;
}

/** A test on the deployed stack, as `rehearsed` makes them, whose target waits for pushed images. */
export const pushed = (
  title: string,
  name: string,
  act: (scene: ImageScene, users: Users) => Promise<void>,
  { target = {}, ...options }: ImageSceneOptions = {},
): void => {
  const begin = async (plain: Scene, users: Users): Promise<void> => {
    const scene = imageScene(plain);
    await gitlab.protectRegistryTag({ project: scene.project, pattern: '^v' });
    if (target['create_repository'] === undefined) await fleet.putRepository({ name: ecrOf(name) });
    await awaitImages(scene, { target: name, repository: scene.images, fields: target });
    await act(scene, users);
  };
  rehearsed(title, name, begin, options);
};

/** Requests to GitLab's registry about blobs of this repository. */
export const blobRequests = async (repository: string): Promise<RegistryRequest[]> =>
  (await gitlab.registryRequests()).filter(({ path }) => path.startsWith(`/v2/${repository}/blobs/`));

/** The next blob of this repository that is asked for does not come, until it is released; the answer waits for that. */
export const stallNextBlob = async (repository: string): Promise<() => Promise<unknown>> => {
  await gitlab.setRegistryFault({ route: `GET /v2/${repository}/blobs/**`, fault: { kind: 'stall' } });
  return () =>
    until('a blob to be asked for in vain', async () =>
      (await blobRequests(repository)).find(({ fault }) => fault === 'stall'),
    );
};

/** Where object storage has a blob. */
export const storagePath = (digest: string): string =>
  `/docker/registry/v2/blobs/sha256/${digest.slice(7, 9)}/${digest.slice(7)}/data`;
