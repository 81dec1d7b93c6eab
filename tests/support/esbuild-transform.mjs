import { transformSync } from 'esbuild';
import { dirname } from 'node:path';

/** Jest's only transform: strips types the way the production build does, so that tests run what ships. */
export default {
  process: (source, path) =>
    transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: path,
      // jest 29 gives modules import.meta.url only
      define: {
        'import.meta.dirname': JSON.stringify(dirname(path)),
        'import.meta.filename': JSON.stringify(path),
        'import.meta.main': 'false',
      },
    }),
};
