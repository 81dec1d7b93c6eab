export type DemoName = 'rolling' | 'blue-green' | 'rotation';

const demos = [
  '`npm run demo`: a rolling deployment, and a bad one that is undone',
  '`npm run demo -- blue-green`: users moved from one colour to the other, and a bad release caught at 10 %',
  '`npm run demo -- rotation`: both secrets rotated while hooks keep arriving',
];

/** Which demo is asked for, or why none can be shown, in words that name what there is. */
export const askedDemo = (args: readonly string[]): { name: DemoName } | { problem: string } => {
  const [name, ...more] = args;
  if (name === undefined) return { name: 'rolling' };
  if ((name === 'blue-green' || name === 'rotation') && more.length === 0) return { name };
  return { problem: [`There is no demo “${args.join(' ')}”. There are:`, ...demos].join('\n- ') };
};
