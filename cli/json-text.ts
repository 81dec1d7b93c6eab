/** A JSON text's value, or what is wrong with it: `line L, column C: <why>`, each fault once. */
export type JsonReading = { value: unknown } | { problems: string[] };

const blank = /[ \t\r\n]*/y;
const mark = /[{}[\]:,]/y;
const scalar =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

interface Token {
  /** empty at the end, and where no token begins */
  text: string;
  at: number;
}

const tokensOf = (text: string): (() => Token) => {
  let next = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = next;
    return pattern.exec(text)?.[0];
  };
  return () => {
    next += match(blank)?.length ?? 0;
    const token = { text: match(mark) ?? match(scalar) ?? '', at: next };
    next += token.text.length;
    return token;
  };
};

const place = (text: string, at: number): string => {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
};

/** Walks the grammar of RFC 8259 to its end or to the first fault; names that are there twice are told on the way. */
const walk = (take: () => Token, complain: (at: number, why: string) => false): boolean => {
  const expected = ({ at, text }: Token, what: string): false => {
    const before = text.startsWith('"') ? 'a text' : text;
    return complain(at, before === '' ? `${what} expected` : `${what} expected before ${before}`);
  };
  const sequence = (close: string, item: (token: Token) => boolean): boolean => {
    let token = take();
    if (token.text === close) return true;
    for (; item(token); token = take()) {
      const after = take();
      if (after.text === close) return true;
      if (after.text !== ',') return expected(after, `"," or "${close}"`);
    }
    return false;
  };
  const member = (token: Token, names: Set<string>): boolean => {
    if (!token.text.startsWith('"')) return expected(token, 'a name in double quotes');
    const name = JSON.parse(token.text) as string;
    if (names.has(name)) complain(token.at, `${token.text} is there twice`);
    names.add(name);
    const colon = take();
    return colon.text === ':' ? value(take()) : expected(colon, '":"');
  };
  const value = (token: Token): boolean => {
    const names = new Set<string>();
    if (token.text === '{') return sequence('}', (inner) => member(inner, names));
    if (token.text === '[') return sequence(']', value);
    return /^[^\]},:]/.test(token.text) || expected(token, 'a value');
  };
  return value(take());
};

/**
 * Reads JSON strictly. JSON.parse alone names no place for most faults, quotes the text around them, and silently
 * lets the last of two equal names win: a target could be lost without a word.
 */
export const readJson = (text: string): JsonReading => {
  const problems: string[] = [];
  const complain = (at: number, why: string): false => {
    problems.push(`${place(text, at)}: ${why}`);
    return false;
  };
  const take = tokensOf(text);
  if (walk(take, complain)) {
    const rest = text.slice(take().at);
    if (rest !== '') complain(text.length - rest.length, 'the end of the file expected');
  }
  return problems.length > 0 ? { problems } : { value: JSON.parse(text) as unknown };
};
