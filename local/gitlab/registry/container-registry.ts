import type { IncomingMessage } from 'node:http';
import type { Happening, RegistryQuirks } from '../../oci/oci-call.ts';
import { registryAnswers } from '../../oci/registry-handler.ts';
import type { GitlabWorld } from '../world.ts';
import { claimsOf, tokenLogin } from './authenticate.ts';
import { answerLogin } from './login.ts';
import { createNotificationSender, type NotificationSender } from './notification-sender.ts';
import { objectStorage, type ObjectStorage } from './object-storage.ts';
import { projectContent, type ProjectContent } from './project-content.ts';
import {
  eventRequest,
  eventTime,
  registryEvent,
  type EventActor,
  type EventRequest,
  type RegistryEvent,
} from './registry-event.ts';
import { createRegistryFaults, type RegistryFaults } from './registry-faults.ts';
import { createRegistryLog, type RegistryLog } from './registry-log.ts';
import { defaultSettings, type RegistrySettings } from './registry-settings.ts';
import { createRegistryTokens, type RegistryTokens } from './registry-tokens.ts';
import type { RegistryCredential } from './registry-users.ts';
import { serveWithFaults, type ServeRegistry } from './serve-with-faults.ts';

/** Tells the endpoints what somebody did to the content. */
export type Tell = (happening: Happening, by: { request: EventRequest; actor: EventActor }) => void;

export interface ContainerRegistry {
  content: ProjectContent;
  settings: RegistrySettings;
  credentials: RegistryCredential[];
  faults: RegistryFaults;
  log: RegistryLog;
  notifications: NotificationSender;
  tell: Tell;
  serve: ServeRegistry;
}

export interface RegistryParts {
  world: GitlabWorld;
  seed: number;
  /** object storage's origin */
  storageUrl: string;
}

interface Inside {
  world: GitlabWorld;
  settings: RegistrySettings;
  tokens: RegistryTokens;
  storage: ObjectStorage;
}

const quirksOf = ({ world, settings, tokens, storage }: Inside): RegistryQuirks => ({
  patchStatus: 202,
  stuckRange: false,
  statusGet: true,
  get referrersApi() {
    return settings.referrersApi;
  },
  missingRepository: 'error',
  authenticate: tokenLogin(tokens, `${world.instance.url}/jwt/auth`),
  blobRedirect: (digest, method) => (settings.redirect ? storage.link(digest, method) : undefined),
});

/** As GitLab's registry names whoever it was, with a token of theirs. */
const actorOf = (tokens: RegistryTokens, request: IncomingMessage): EventActor => {
  const claims = claimsOf(tokens, request);
  if (typeof claims === 'string') return {};
  return { name: claims.sub, user_type: claims.auth_type, user: tokens.issue(undefined, []) };
};

/** Makes an event of what happened, now. */
export const teller = (world: GitlabWorld, notify: (event: RegistryEvent) => void): Tell => {
  const instanceId = world.ids.uuid();
  return (happening, by) => {
    const timestamp = eventTime(world.clock.now(), world.ids.next('registry event'));
    notify(registryEvent({ id: world.ids.uuid(), timestamp, happening, ...by, instanceId }));
  };
};

/** GitLab's container registry: content, login, object storage, notifications, and what goes wrong with them. */
export const createContainerRegistry = ({ world, seed, storageUrl }: RegistryParts): ContainerRegistry => {
  const { clock } = world;
  const settings = defaultSettings();
  const content = projectContent(world);
  const credentials: RegistryCredential[] = [];
  const tokens = createRegistryTokens(world, settings);
  const storage = objectStorage({ world, settings, url: storageUrl, stored: content.stored });
  const notifications = createNotificationSender(clock);
  const tell = teller(world, notifications.notify);
  const happened = (happening: Happening, request: IncomingMessage): void => {
    tell(happening, { request: eventRequest(request, world.ids.uuid()), actor: actorOf(tokens, request) });
  };
  const answers = {
    registry: registryAnswers({ content, quirks: quirksOf({ world, settings, tokens, storage }), happened }),
    login: (request: IncomingMessage) => answerLogin({ world, credentials, tokens }, request),
    storage: storage.answer,
  };
  const [faults, log] = [createRegistryFaults(clock, seed), createRegistryLog(clock)];
  const serve = serveWithFaults({ clock, faults, log, answers });
  return { content, settings, credentials, faults, log, notifications, tell, serve };
};
