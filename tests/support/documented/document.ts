import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of shell commands, as it stands in a document. */
export interface Block {
  kind: 'block';
  /** the document and the line where its commands begin, for people: `setup.md:12` */
  at: string;
  text: string;
}

/** A heading; what a person does under it by hand comes before the blocks that follow. */
export interface Heading {
  kind: 'heading';
  at: string;
  text: string;
}

export type Part = Heading | Block;

const fence = /^(\s*)```(\w*)/;

/** Headings and `bash` blocks of a document's text, in order. Blocks in a list lose the list's indent. */
export const partsIn = (document: string, text: string): Part[] => {
  const parts: Part[] = [];
  let open: { at: string; indent: number; shell: boolean; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [fenced, indent = '', language = ''] = fence.exec(line) ?? [];
    const heading = /^#+ (.+)/.exec(line)?.[1];
    if (open !== undefined && fenced !== undefined) {
      if (open.shell) parts.push({ kind: 'block', at: open.at, text: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line.slice(open.indent));
    else if (fenced !== undefined)
      open = { at: `${document}:${index + 2}`, indent: indent.length, shell: language === 'bash', lines: [] };
    else if (heading !== undefined) parts.push({ kind: 'heading', at: `${document}:${index + 1}`, text: heading });
  }
  return parts;
};

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');

export const partsOf = (document: string): Part[] => partsIn(document, readFileSync(join(docs, document), 'utf8'));
