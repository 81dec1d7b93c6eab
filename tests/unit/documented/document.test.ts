import { partsIn } from '../../support/documented/document.ts';

const text = `# Title

\`\`\`bash
# not a heading
one --with <name>
two
\`\`\`

\`\`\`yaml
- three
\`\`\`

## Part of it

1. In a list:

   \`\`\`bash
   four <<'EOF'
     kept
   EOF
   \`\`\`
`;

test('headings and shell blocks in order, each with its place; other languages are none', () => {
  expect(partsIn('a.md', text)).toEqual([
    { kind: 'heading', at: 'a.md:1', text: 'Title' },
    { kind: 'block', at: 'a.md:4', text: '# not a heading\none --with <name>\ntwo' },
    { kind: 'heading', at: 'a.md:13', text: 'Part of it' },
    { kind: 'block', at: 'a.md:18', text: "four <<'EOF'\n  kept\nEOF" },
  ]);
});
