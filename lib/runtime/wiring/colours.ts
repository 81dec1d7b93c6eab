import type { Interval } from '../../domain/pacing.ts';
import type { Fleet } from '../../ports/fleet.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Traffic } from '../../ports/traffic.ts';
import { lookInterval } from '../config.ts';
import { fleet } from './fleet.ts';
import { journal } from './journal.ts';
import { traffic } from './traffic.ts';

/** What all need that look at both colours and at the traffic between them. */
export const colours = (): { fleet: Fleet; traffic: Traffic; journal: Journal; interval: Interval } => ({
  fleet: fleet(),
  traffic: traffic(),
  journal: journal(),
  interval: lookInterval(),
});
