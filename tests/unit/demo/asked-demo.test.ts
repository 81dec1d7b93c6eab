import { askedDemo } from '../../../local/demo/asked-demo.ts';

test('without a word the rolling one is shown, by its name the other', () => {
  expect(askedDemo([])).toEqual({ name: 'rolling' });
  expect(askedDemo(['blue-green'])).toEqual({ name: 'blue-green' });
});

test.each([[['nonsense']], [['blue-green', 'nonsense']], [['rolling']]])(
  '%j is none, and all there are get named',
  (args) => {
    expect(askedDemo(args)).toEqual({ problem: expect.stringContaining(args.join(' ')) as string });
    expect(askedDemo(args)).toEqual({
      problem: expect.stringMatching(/npm run demo`[^]*demo -- blue-green`/) as string,
    });
  },
);
