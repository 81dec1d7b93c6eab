import type { Block } from '../../support/documented/document.ts';
import { filledIn, typedInto } from '../../support/documented/filled-in.ts';

const block = (text: string): Block => ({ kind: 'block', at: 'a.md:7', text });

test('every placeholder is filled, also one that stands there twice, and nothing else is touched', async () => {
  const table = { stage: () => 'local', "the CI's user": () => Promise.resolve('ci') };
  const text = "a --stage <stage> <the CI's user>/<stage> <<'EOF' 2>&1 <(b)";
  expect(await filledIn(block(text), table)).toBe("a --stage local ci/local <<'EOF' 2>&1 <(b)");
});

test('a placeholder that nobody knows is an error with its name and place', async () => {
  await expect(filledIn(block('a <stage>'), {})).rejects.toThrow('a.md:7: nothing is known to put in for <stage>');
});

test('a file that is typed gets its text, and a block that asks for none gets nothing', async () => {
  const table = { 'gitlab.json': () => '{}' };
  expect(await typedInto(block('umask 077\ncat > gitlab.json   # type {…}, then Ctrl-D\nb'), table)).toBe('{}');
  expect(await typedInto(block("cat > gitlab.json <<'EOF'\nEOF"), table)).toBe('');
});

test('a file that nobody knows what to type into is an error with its name and place', async () => {
  const typing = typedInto(block('cat > other.json   # type {…}, then Ctrl-D'), {});
  await expect(typing).rejects.toThrow('a.md:7: nothing is known to type into other.json');
});
