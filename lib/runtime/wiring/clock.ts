import type { Clock } from '../../ports/clock.ts';

export const clock: Clock = () => new Date();
