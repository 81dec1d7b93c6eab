import sequencer from '@jest/test-sequencer';

const Sequencer = sequencer.default;

// One measures how many requests this machine sends: another level runs beside the first files only. One changes the secret that
// all hooks have.
const last = ['swapping', 'rotating'].map((name) => `/end-to-end/${name}.test.ts`);

/** Files in jest's own order, but for those that come last. */
export default class RotatingLast extends Sequencer {
  sort(tests) {
    const place = ({ path }) => last.findIndex((end) => path.endsWith(end));
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
}
