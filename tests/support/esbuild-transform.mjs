import { transformSync } from 'esbuild';

/** Jest's only transform: strips types the way the production build does, so that tests run what ships. */
export default {
  process: (source, path) =>
    transformSync(source, { loader: 'ts', format: 'esm', target: 'node24', sourcemap: 'inline', sourcefile: path }),
};
