import { httpProbe } from '../../adapters/probe/http-probe.ts';
import type { Probe } from '../../ports/probe.ts';
import { isLocal, setting } from '../config.ts';

export const probe = (): Probe => httpProbe({ local: isLocal(), privateHosts: setting('PRIVATE_HOSTS') });
