import { bytesOf, copyProblems, type Carried } from '../../../local/demo/copy-verdict.ts';
import type { RepositoryView } from '../../../local/fleet/registry-seeds.ts';
import type { RegistryRequest } from '../../../local/gitlab/registry/registry-log.ts';

const mib = 2 ** 20;
const digest = `sha256:${'c'.repeat(64)}`;
const base = { digest: 'sha256:base', size: 60 * mib };
const own = { digest: 'sha256:own', size: 6 * mib };
const inEcr = (layer: typeof base, bytesReceived = layer.size) => ({ ...layer, bytesReceived });

const before: RepositoryView = {
  name: 'workload',
  imageTagMutability: 'MUTABLE',
  images: [],
  layers: [inEcr(base)],
  uploads: [],
  bytesReceived: base.size,
};
const after: RepositoryView = {
  ...before,
  images: [{ digest, mediaType: '', tags: ['0123abcd', 'latest'] }],
  layers: [inEcr(base), inEcr(own)],
  bytesReceived: base.size + own.size,
};

const request = (change: Partial<RegistryRequest> = {}): RegistryRequest => ({
  ...{ number: 1, at: '', server: 'registry', method: 'PUT', path: '/v2/', authorization: 'Bearer' },
  ...{ status: 201, bytes: 0 },
  ...change,
});
const requests = [
  request({ method: 'HEAD', authorization: 'none', status: 401 }),
  request({ server: 'login', method: 'GET', authorization: 'Basic', status: 200 }),
  request(),
];
const pushed = { digest, blobs: [base, own], given: { CI_REGISTRY_PASSWORD: 'glcbt-1' }, requests };
const well: Carried = { letter: 'C', pushed, tags: ['0123abcd', 'latest'], ecr: { before, after } };
const calls = [{ service: 'ecr', caller: 'copy-image', operation: 'PutImage' }];

test('all is well', () => {
  expect(copyProblems([well], calls)).toEqual([]);
  expect(bytesOf(well)).toEqual({ present: base.size, moved: own.size });
});

const ecrAfter = (change: Partial<RepositoryView>): Partial<Carried> => ({
  ecr: { before, after: { ...after, ...change } },
});
const ci = (change: Partial<Carried['pushed']>): Partial<Carried> => ({ pushed: { ...pushed, ...change } });

test.each<[string, Partial<Carried>, RegExp]>([
  ['ECR has another image', ecrAfter({ images: [] }), /^ECR has no image of C's digest/],
  ['a tag is missing', { tags: ['0123abcd', 'latest', 'v1'] }, /has no tag v1$/],
  ['a layer is missing', ecrAfter({ layers: [inEcr(base)] }), /^ECR lacks C's layer sha256:own$/],
  [
    'a layer was cut short',
    ecrAfter({ layers: [inEcr(base), inEcr({ ...own, size: 1 })] }),
    /^ECR lacks C's layer sha256:own$/,
  ],
  [
    'a layer that was there was sent again',
    ecrAfter({ layers: [inEcr(base, 2 * base.size), inEcr(own)] }),
    /sha256:base was in ECR, and was sent again$/,
  ],
  ['more was sent', ecrAfter({ bytesReceived: base.size + 2 * own.size }), /are 6\.0 MiB, but ECR was sent 12\.0 MiB$/],
  ['CI was given a key', ci({ given: { AWS_ACCESS_KEY_ID: 'AKIA' } }), /^C's CI was given AWS_ACCESS_KEY_ID$/],
  [
    'CI signed its requests',
    ci({ requests: [...requests, request({ authorization: 'other' })] }),
    /^C's CI came to GitLab's registry with other$/,
  ],
  ['CI pushed nothing', ci({ requests: requests.slice(0, 2) }), /^C's CI pushed nothing/],
])('%s', (_what, change, problem) => {
  expect(copyProblems([{ ...well, ...change }], calls)).toEqual([expect.stringMatching(problem)]);
});

test('somebody else wrote to ECR', () => {
  const others = [...calls, { service: 'ecr', caller: 'somebody-else', operation: 'UploadLayerPart' }];
  expect(copyProblems([well], others)).toEqual(['ECR was written to by somebody-else']);
});

test('others may read ECR', () => {
  const reads = [...calls, { service: 'ecr', caller: 'find-image', operation: 'BatchGetImage' }];
  expect(copyProblems([well], reads)).toEqual([]);
});
