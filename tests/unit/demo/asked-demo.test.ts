import { askedDemo } from '../../../local/demo/asked-demo.ts';

test('without a word the rolling one is shown, by their names the others', () => {
  expect(askedDemo([])).toEqual({ name: 'rolling' });
  expect(askedDemo(['blue-green'])).toEqual({ name: 'blue-green' });
  expect(askedDemo(['rotation'])).toEqual({ name: 'rotation' });
});

test.each([[['nonsense']], [['blue-green', 'nonsense']], [['rotation', 'nonsense']], [['rolling']]])(
  '%j is none, and all there are get named',
  (args) => {
    expect(askedDemo(args)).toEqual({ problem: expect.stringContaining(args.join(' ')) as string });
    expect(askedDemo(args)).toEqual({
      problem: expect.stringMatching(/npm run demo`[^]*demo -- blue-green`[^]*demo -- rotation`/) as string,
    });
  },
);
