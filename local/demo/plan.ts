/** A part of what a demo goes through, with the real seconds that it usually takes on two cores. */
export interface Part {
  name: string;
  usual: number;
}

const quick = (...names: string[]): Part[] => names.map((name) => ({ name, usual: 0.2 }));

interface Bytes {
  /** seconds that CI builds and pushes, and that the copy takes */
  push: number;
  copy: number;
}

/** From CI's push to the new revision's ARN, and then the `rest`. */
export const deployment = (commit: string, { push, copy }: Bytes, rest: Part[]): Part[] =>
  [
    { name: 'Push', usual: push },
    { name: 'Hook', usual: 0.5 },
    ...quick('Confirm', 'Find image', 'Admit', 'Look'),
    { name: 'Copy image', usual: copy },
    ...quick('Look again', 'Register'),
    ...rest,
  ].map((part) => ({ ...part, name: `${commit} ${part.name}` }));

/** Until users are served. */
export const worldParts: readonly Part[] = [
  { name: 'Python', usual: 8 },
  { name: 'World', usual: 1 },
  { name: 'Deploy', usual: 15 },
  { name: 'Service', usual: 0.5 },
];

/** What `npm run demo` goes through. */
export const plan: readonly Part[] = [
  ...worldParts,
  ...deployment('B', { push: 1.5, copy: 2.5 }, [
    ...quick('Start rollout'),
    { name: 'Check rollout', usual: 3.5 },
    { name: 'Settle', usual: 0.2 },
  ]),
  ...deployment('C', { push: 1, copy: 1 }, [
    ...quick('Start rollout'),
    { name: 'Check rollout', usual: 5 },
    { name: 'Undo', usual: 3 },
    { name: 'Settle', usual: 0.2 },
  ]),
  { name: 'Verdict', usual: 1 },
];

/** Real seconds until the end, when the part `name` has taken `seconds` so far. What is not in the plan takes no time. */
export const secondsLeft = (name: string, seconds: number, parts: readonly Part[]): number => {
  const at = parts.findIndex((part) => part.name === name);
  if (at < 0) return 0;
  const later = parts.slice(at + 1).reduce((sum, { usual }) => sum + usual, 0);
  return later + Math.max(0, (parts[at]?.usual ?? 0) - seconds);
};
