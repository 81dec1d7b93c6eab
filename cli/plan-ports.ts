import type { StackBounds } from '../lib/domain/stack-bounds.ts';
import type { Alarms } from '../lib/ports/alarms.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { Fleet } from '../lib/ports/fleet.ts';
import type { Gitlab } from '../lib/ports/gitlab.ts';
import type { ImageStore } from '../lib/ports/image-store.ts';
import type { Images } from '../lib/ports/images.ts';
import type { Journal } from '../lib/ports/journal.ts';
import type { Registry } from '../lib/ports/registry.ts';
import type { Scaling } from '../lib/ports/scaling.ts';
import type { ServiceCopies } from '../lib/ports/service-copies.ts';
import type { Targets } from '../lib/ports/targets.ts';
import type { Traffic } from '../lib/ports/traffic.ts';
import type { Workflows } from '../lib/ports/workflows.ts';

/** What a plan asks; nothing here writes. */
export interface PlanPorts {
  targets: Targets;
  gitlab: Gitlab;
  registry: Registry;
  images: Images;
  store: Pick<ImageStore, 'stored' | 'available'>;
  fleet: Pick<Fleet, 'service' | 'serviceDeployment' | 'revision' | 'newestRevisions' | 'addresses' | 'stopped'>;
  copies: Pick<ServiceCopies, 'describe'>;
  traffic: Omit<Traffic, 'replace'>;
  scaling: Omit<Scaling, 'set'>;
  alarms: Alarms;
  journal: Pick<Journal, 'past' | 'queue' | 'jobDeployed'>;
  workflows: Pick<Workflows, 'status'>;
  bounds: StackBounds;
  clock: Clock;
}

const never = (): never => {
  throw new Error('a plan writes nothing');
};

/** The same for the workflow's own verbs, which could write; whatever would is an error here. */
export const readOnly = ({ fleet, copies, traffic, scaling, store, workflows }: PlanPorts) => ({
  fleet: { ...fleet, register: never, update: never, resize: never, remove: never } satisfies Fleet,
  copies: { ...copies, create: never } satisfies ServiceCopies,
  traffic: { ...traffic, replace: never } satisfies Traffic,
  scaling: { ...scaling, set: never } satisfies Scaling,
  workflows: { ...workflows, start: never } satisfies Workflows,
  store: {
    oneGo: 0,
    stored: store.stored,
    available: store.available,
    ...{ putBlob: never, startUpload: never, uploadPart: never, completeUpload: never },
    ...{ putManifest: never, createRepository: never },
  } satisfies ImageStore,
});
