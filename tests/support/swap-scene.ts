import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import type { FoundSwap } from '../../lib/domain/deployment.ts';
import type { ProbeAnswer } from '../../lib/ports/probe.ts';
import { memoryAlarms } from './memory-alarms.ts';
import { memoryFleet } from './memory-fleet.ts';
import { journalHolding } from './memory-journal.ts';
import { memoryAnnouncements } from './memory-ports.ts';
import { awake, memoryScaling } from './memory-scaling.ts';
import { memoryServiceCopies } from './memory-service-copies.ts';
import { memoryTraffic } from './memory-traffic.ts';
import {
  blueGroup,
  blueService,
  forward,
  greenGroup,
  greenName,
  greenService,
  interval,
  productionRule,
  revision,
  revisionArn,
  serviceName,
  swapFound,
  swapRecord,
} from './samples.ts';

export const ourRevision = revisionArn(8);
export const bounds = { min: 2, max: 6, suspended: awake };
/** As an earlier swap's Retire left it. */
export const retiredBounds = { min: 0, max: 6, suspended: { scaleIn: true, scaleOut: true, scheduled: true } };
export const scaled: Partial<FoundSwap> = { scaling: { live: bounds, idle: retiredBounds } };

/** The sample swap as far as `written` says: blue live with two tasks, green retired, revision 8 registered. */
export const swapScene = (
  written: Partial<DeploymentRecord> = {},
  { found = {}, steps }: { found?: Partial<FoundSwap>; steps?: { weight: number; minutes: number }[] } = {},
) => {
  const fleet = memoryFleet();
  const { writes } = fleet;
  fleet.services.set('prod/web', blueService());
  fleet.services.set('prod/web-green', greenService());
  for (const number of [6, 8, 9]) fleet.revisions.set(revisionArn(number), revision(number));
  const traffic = memoryTraffic(writes);
  traffic.register(blueGroup, 2);
  const scaling = memoryScaling(writes);
  if (found.scaling?.live !== undefined)
    scaling.services.set('prod/web', { target: found.scaling.live, policies: [], scheduledActions: [] });
  if (found.scaling?.idle !== undefined)
    scaling.services.set('prod/web-green', { target: found.scaling.idle, policies: [], scheduledActions: [] });
  const opened = swapRecord({ found: swapFound(found), revision: ourRevision, ...written });
  const plan = opened.blueGreen;
  const record = steps === undefined || plan === undefined ? opened : { ...opened, blueGreen: { ...plan, steps } };
  const journal = journalHolding(record);
  const copies = memoryServiceCopies(fleet);
  copies.described.set('prod/web', { service: {}, primary: {} });
  const asked: string[] = [];
  const answers: ProbeAnswer[] = [];
  const probe = async (url: string): Promise<ProbeAnswer> => {
    asked.push(url);
    return Promise.resolve(answers.shift() ?? { unanswered: 'nothing scripted' });
  };
  const alarms = memoryAlarms();
  return {
    ...{ fleet, traffic, scaling, journal, copies, alarms, probe, asked, answers, interval, writes },
    announcements: memoryAnnouncements(),
    clock: () => new Date('2026-11-25T10:00:00Z'),
    diagnosis: { reasons: async () => Promise.resolve(['a container exited with code 1']) },
    /** what is journalled of it now */
    record: () => journal.records.get('web-1'),
    /** how traffic is divided now */
    divide: (blue: number, green: number) => {
      traffic.put(productionRule, [forward({ [blueGroup]: blue, [greenGroup]: green })]);
    },
    /** green runs our revision with so many tasks, all healthy */
    raiseGreen: async (tasks = 2) => {
      await fleet.update(greenName, ourRevision, tasks);
      fleet.front({ state: 'COMPLETED', running: tasks, desired: tasks }, greenName);
      const addresses = Array.from({ length: tasks }, (_, index) => `10.0.1.${index + 1}`);
      fleet.tasks.set('ecs-svc/2', addresses);
      traffic.register(greenGroup, tasks, { address: '10.0.1.1' });
      writes.length = 0;
    },
    blue: serviceName,
    green: greenName,
  };
};

export type SwapScene = ReturnType<typeof swapScene>;

/** All that a verb may have changed, and each write once: what must be the same whatever went wrong on the way. */
export const whatStands = ({ writes, fleet, scaling, traffic, record }: SwapScene) => ({
  writes: [...new Set(writes)],
  services: [...fleet.services],
  scaling: [...scaling.services],
  points: [...traffic.points],
  record: record(),
});

/** What the swap has journalled once green was started. */
export const begun = { starting: { revision: ourRevision, desired: 2 }, started: { rolloutId: 'ecs-svc/2' } };

export const who = { execution: 'web-1', deployment: 'web-1' };
