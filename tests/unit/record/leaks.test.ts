import { leaks } from '../../record/leaks.ts';

const secrets = { 'the token': 'planted-0123456789abcdef', 'the key': 'whsec_a+b/c==' };
const found = (text: string) => leaks([{ where: 'a log', text }], secrets);

test.each([
  ['as it is', '{"message":"token planted-0123456789abcdef refused"}', 'the token'],
  ['in a URL', 'https://gitlab/?key=whsec_a%2Bb%2Fc%3D%3D', 'the key'],
  ...[0, 1, 2, 3, 4].map((before): [string, string, string] => [
    `in base64, ${before} characters from its beginning`,
    Buffer.from(`${'x'.repeat(before)}planted-0123456789abcdef and more`).toString('base64'),
    'the token',
  ]),
])('a secret is found %s', (_how, text, name) => {
  expect(found(text)).toEqual([`${name} in a log`]);
});

test('what is no secret is not found', () => {
  expect(found('planted-0123456789abcde')).toEqual([]);
});
