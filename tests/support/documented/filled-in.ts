import type { Block } from './document.ts';

/** What a reader puts in: the value of each `<…>`, looked up when its block is reached. */
export type Placeholders = Readonly<Record<string, () => string | Promise<string>>>;

/** What a reader types, by the file that `cat > <file>   # type …` makes of it. */
export type Typed = Readonly<Record<string, () => string | Promise<string>>>;

const placeholder = /<([A-Za-z][^<>\n]*)>/g;
const typing = /^cat > (\S+)\s+# type /gm;

const namesIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? '')),
];

/** The block with its placeholders filled. Raises for one that is not in the table, naming it and its place. */
export const filledIn = async ({ at, text }: Block, table: Placeholders): Promise<string> => {
  const values = new Map<string, string>();
  for (const name of namesIn(text, placeholder)) {
    const value = table[name];
    if (value === undefined) throw new Error(`${at}: nothing is known to put in for <${name}>`);
    values.set(name, await value());
  }
  return text.replace(placeholder, (_whole, name: string) => values.get(name) ?? '');
};

/** What the block reads from who sits there; empty for a block that asks nothing. Raises for a file that is not in the table. */
export const typedInto = async ({ at, text }: Block, table: Typed): Promise<string> => {
  const lines: string[] = [];
  for (const file of namesIn(text, typing)) {
    const value = table[file];
    if (value === undefined) throw new Error(`${at}: nothing is known to type into ${file}`);
    lines.push(await value());
  }
  return lines.join('\n');
};
