import { z } from 'zod';
import type { FleetCall } from '../seeds.ts';
import type { Wire } from './answer-call.ts';
import { callAs } from './call-as.ts';
import type { CallFilter } from './control-schemas.ts';
import {
  anotherCall,
  callFilter,
  faultRule,
  imageSeed,
  nothing,
  registrySettings,
  repositoryName,
  repositorySeed,
  serviceName,
  serviceSeed,
  serviceTweak,
  worldDefaults,
} from './control-schemas.ts';
import type { Models } from './models.ts';
import type { Answer } from './protocol.ts';
import type { WireRequest } from './request.ts';
import { scalingWish } from './scaling-schemas.ts';

export interface Controlled {
  wire: Wire;
  models: Models;
}

type Verb = (controlled: Controlled, body: unknown) => unknown;

const verb =
  <T>(schema: z.ZodType<T>, act: (controlled: Controlled, body: T) => unknown): Verb =>
  (controlled, body) =>
    act(controlled, schema.parse(body));

const verbs = new Map<string, Verb>([
  ['images', verb(imageSeed, ({ wire }, seed) => wire.world.putImage(seed))],
  ['repositories', verb(repositorySeed, ({ wire }, seed) => wire.world.putRepository(seed))],
  ['ecr-view', verb(repositoryName, ({ wire }, { repository }) => wire.world.ecrView(repository))],
  ['services', verb(serviceSeed, ({ wire }, seed) => wire.world.putService(seed))],
  ['view', verb(serviceName, ({ wire }, { cluster, service }) => wire.world.serviceView(cluster, service))],
  [
    'tweak',
    verb(serviceTweak, ({ wire }, { cluster, service, change }) => {
      wire.world.tweak(cluster, service, change);
    }),
  ],
  [
    'autoscale',
    verb(scalingWish, ({ wire }, { cluster, service, desired }) => wire.world.autoscale(cluster, service, desired)),
  ],
  [
    'defaults',
    verb(worldDefaults, ({ wire }, defaults) => {
      wire.world.setDefaults(defaults);
    }),
  ],
  [
    'registry',
    verb(registrySettings, ({ wire }, settings) => {
      wire.world.setRegistry(settings);
    }),
  ],
  ['call', verb(anotherCall, ({ wire, models }, made) => callAs(wire, models, made))],
  [
    'faults',
    verb(faultRule, ({ wire }, rule) => {
      wire.faults.add(rule);
    }),
  ],
  [
    'clear-faults',
    verb(nothing, ({ wire }) => {
      wire.faults.clear();
    }),
  ],
  ['traffic', verb(nothing, ({ wire }) => wire.world.traffic())],
  ['calls', verb(callFilter, ({ wire }, filter) => wire.journal.calls.filter((call) => passes(filter, call)))],
  ['defects', verb(nothing, ({ wire }) => wire.journal.defects)],
  ['newer', verb(nothing, ({ wire }) => wire.journal.newer)],
]);

const passes = ({ since = 0, ...same }: CallFilter, call: FleetCall): boolean =>
  call.number > since &&
  (same.caller === undefined || same.caller === call.caller) &&
  (same.service === undefined || same.service === call.service) &&
  (same.operation === undefined || same.operation === call.operation);

const help = `The fleet: ECS, ECR, ELBv2 and Application Auto Scaling of this rehearsal.
Point AWS_ENDPOINT_URL_ECS, _ECR, _ELASTIC_LOAD_BALANCING_V2 and _APPLICATION_AUTO_SCALING here.

Control calls are POST with a JSON body (types: local/fleet/*seeds.ts), for example
  curl -d '{"cluster":"c","service":"s"}' URL/_fleet/view

  /_fleet/images        an image and what it does once it runs (ImageSeed)
  /_fleet/repositories  an empty repository, or new settings for one that is there (RepositorySeed)
  /_fleet/services      a running service with its target group and rule (ServiceSeed)
  /_fleet/view          {cluster, service}: rollouts, tasks and events of a service
  /_fleet/ecr-view      {repository}: images, layers and uploads of a repository, and the bytes it received
  /_fleet/tweak         {cluster, service, change}: what only somebody outside can change (local/fleet/world/tweak.ts),
                        e.g. {"readsLag":5}, {"serviceDeployments":"unsupported"}, {"alarm":"its name"}
  /_fleet/autoscale     {cluster, service, desired}: a scaling policy wants so many tasks; tells whether it got them
  /_fleet/defaults      {readsLag?, serviceDeployments?}: how services are that come from now on (WorldDefaults)
  /_fleet/registry      {partSize?, uploadLifetime?, putImagesPerSecond?}: how ECR takes uploads (RegistrySettings)
  /_fleet/call          an AWS call of somebody else, judged by nobody and hit by no fault (AnotherCall), e.g.
                        {"service":"ecs","operation":"UpdateService","caller":"a-colleague",
                         "input":{"cluster":"c","service":"s","forceNewDeployment":true}}
  /_fleet/traffic       {}: how many requests of users each service answered, and how many of them badly
  /_fleet/faults        a fault that hits calls to come (FaultRule), e.g.
                        {"operation":"UpdateService","fault":{"kind":"answer lost"}}
  /_fleet/clear-faults  {}
  /_fleet/calls         {caller?, service?, operation?, since?}: the calls so far, "since" a call's number
  /_fleet/defects       {}: answers of the fleet that do not fit AWS's models; each fails the run
  /_fleet/newer         {}: members of calls that passed only because newer SDKs know them
`;

/** Answers what stands under `/_fleet`: for tests, the demo and people on this machine. */
export const answerControl = (controlled: Controlled, request: WireRequest): Answer => {
  const path = new URL(request.url, 'http://fleet').pathname.replace(/\/$/, '');
  if (path === '/_fleet') return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: help };
  const act = verbs.get(path.slice('/_fleet/'.length));
  if (act === undefined) return json(404, { message: `no control call ${path}; GET /_fleet tells which there are` });
  if (request.method !== 'POST') return json(405, { message: 'control calls are POST' });
  try {
    return json(200, act(controlled, JSON.parse(request.body.toString('utf8') || '{}')) ?? {});
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return json(400, { message });
  }
};

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
