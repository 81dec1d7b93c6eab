import { serviceLabel } from '../lib/domain/deployment.ts';
import { revisionName } from '../lib/domain/revision.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { Change, Plan } from './plan.ts';
import type { PlannedCopy } from './plan-copy.ts';
import type { Printed } from './printed.ts';
import { columns } from './targets-list-lines.ts';

const codes: Readonly<Record<Plan['state'], ExitCode>> = {
  ready: exitCodes.well,
  refused: exitCodes.wrong,
  'passed over': exitCodes.passedOver,
  'not known': exitCodes.unknown,
};

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const copyText = ({ repository, tags, bytes, createsRepository }: PlannedCopy): string => {
  const made = createsRepository ? ', which would be made' : '';
  return `${mebibytes(bytes)} to ${repository}${made}, tagged ${tags.join(', ')}`;
};

const revisionText = (arn: string): string => {
  const { family, number } = revisionName(arn);
  return `${family}:${number}`;
};

const stepsText = (steps: NonNullable<Plan['steps']>): string =>
  steps.map(({ weight, minutes }) => `${weight} % for ${minutes} min`).join(', ');

const changeRow = ({ path, ...values }: Change): string[] => {
  if (!('after' in values)) return ['changes', path];
  return ['changes', `${path}: ${JSON.stringify(values.before)} → ${JSON.stringify(values.after)}`];
};

const rowsOf = ({ image, digest, copy, service, strategy, source, before, changes = [], steps }: Plan): string[][] => [
  ...(image === undefined ? [] : [['image', `${image}${digest === undefined ? '' : ` = ${digest}`}`]]),
  ...(service === undefined ? [] : [['service', `${serviceLabel(service)}, ${strategy ?? ''}`]]),
  ...(steps === undefined ? [] : [['steps', stepsText(steps)]]),
  ...(source === undefined ? [] : [['clones', revisionText(source)]]),
  ...(source === undefined ? [] : [['way back', before === undefined ? 'none' : revisionText(before)]]),
  ...(source === undefined || changes.length === 0
    ? []
    : [['copy', copy === undefined ? 'not needed: the image is in ECR' : copyText(copy)]]),
  ...changes.map(changeRow),
];

const headline = ({ target, state, failure, because = '' }: Plan): string => {
  if (state === 'ready') return `${target}: would be deployed`;
  const said = failure === undefined ? because : `${failure}: ${because}`;
  if (state === 'refused') return `${target}: would be refused: ${said}`;
  return state === 'passed over' ? `${target}: nothing would be deployed: ${said}` : `${target}: not known: ${said}`;
};

const factLines = ({ facts = {} }: Plan): string[] =>
  Object.entries(facts).map(([name, value]) => `  ${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`);

export const planLines = (made: Plan): Printed => ({
  lines: [headline(made), ...factLines(made), ...columns(rowsOf(made)).map((row) => `  ${row}`), 'nothing was written'],
  value: made,
  code: codes[made.state],
});
