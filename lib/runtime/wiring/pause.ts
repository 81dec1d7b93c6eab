import { setTimeout as after } from 'node:timers/promises';
import type { Pause } from '../../ports/clock.ts';

export const pause: Pause = async (milliseconds) => after(milliseconds);
