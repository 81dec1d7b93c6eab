import { reconcile } from '../lib/app/reconcile.ts';
import { reconcileRun } from '../lib/runtime/reconcile-run.ts';
import { reconcilePorts } from '../lib/runtime/wiring/reconcile.ts';

const ports = reconcilePorts();

/** Every ten minutes, and on ops' word: what lost hooks left undone is made good. `project`: only that project's. */
export const handler = reconcileRun((run) => reconcile({ ...ports, ...run }));
