import type { Manifest } from '../../../../lib/domain/image-manifest.ts';
import { descriptorOf } from '../../../support/memory-registry.ts';
import { askedOf, bytes, expectCopied, image, scene, type Scene } from './transfer-scene.ts';

const cosignType = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const tagOf = ({ digest }: Manifest, end = ''): string => `${digest.replace(':', '-')}${end}`;

const referrer = ({ registry }: Scene, subject: Manifest, seed: number, artifactType = cosignType): Manifest =>
  registry.image({ subject, artifactType, layers: [registry.layer(bytes(20, seed))] });

const byCosign = ({ registry }: Scene, subject: Manifest, end: string): Manifest => {
  const manifest = registry.image({ layers: [registry.layer(Buffer.from(`${subject.digest}${end}`))] });
  registry.tags.set(tagOf(subject, end), manifest.digest);
  return manifest;
};

/** As clients do it where there is no referrers API. */
const listed = (of: Scene, subject: Manifest, referrers: readonly Manifest[], type = cosignType): Manifest => {
  of.registry.referrersApi = false;
  const list = of.registry.index(referrers.map((manifest) => descriptorOf(manifest, { artifactType: type })));
  of.registry.tags.set(tagOf(subject), list.digest);
  return list;
};

test('referrers and what cosign keeps by tag come with the image, after it and before its tag', async () => {
  const of = scene();
  const root = image(of, 1);
  const signature = referrer(of, root, 50);
  const [sig, att, sbom] = ['.sig', '.att', '.sbom'].map((end) => byCosign(of, root, end));
  expect(await of.transfer(root)).toMatchObject({ state: 'done', leftOut: [] });
  expectCopied(of);
  const tags = ['.sig', '.att', '.sbom'].map((end) => tagOf(root, end));
  expect(askedOf(of, 'putManifest')).toEqual([root.digest, signature.digest, ...tags, 'v1']);
  expect(tags.map((tag) => of.store.tags.get(tag))).toEqual([sig?.digest, att?.digest, sbom?.digest]);
  expect(of.tagsBefore).toEqual([tags]);
});

test('without the referrers API they come by the list, and the list with its tag', async () => {
  const of = scene();
  const root = image(of, 1);
  const signature = referrer(of, root, 50);
  const list = listed(of, root, [signature]);
  expect(await of.transfer(root, { signatures: 'required' })).toMatchObject({ state: 'done', leftOut: [] });
  expectCopied(of);
  expect(askedOf(of, 'putManifest')).toEqual([root.digest, signature.digest, tagOf(root), 'v1']);
  expect(of.store.tags.get(tagOf(root))).toBe(list.digest);
  expect(of.registry.asked.filter((line) => line.includes(signature.digest))).toHaveLength(1);
});

test('a signature made after the copy is brought by the next, and the image is not touched', async () => {
  const of = scene();
  const root = image(of, 1);
  await of.transfer(root);
  const signature = referrer(of, root, 50);
  of.store.asked = [];
  const layers = of.journal.begun.get('web-1') ?? [];
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expectCopied(of);
  expect(askedOf(of, 'putManifest')).toEqual([signature.digest]);
  expect(of.journal.begun.get('web-1')).toHaveLength(layers.length + 2);
  expect(of.tagsBefore).toHaveLength(1);
});

test('a tag of cosign that is taken is left out by best effort', async () => {
  const of = scene();
  const root = image(of, 1);
  byCosign(of, root, '.att');
  of.store.tags.set(tagOf(root, '.att'), `sha256:${'0'.repeat(64)}`);
  expect(await of.transfer(root)).toMatchObject({ state: 'done', leftOut: [tagOf(root, '.att')] });
  expect(of.store.tags.get('v1')).toBe(root.digest);
});

test('a tag of cosign that is taken is TagTaken when signatures are required', async () => {
  const of = scene();
  const root = image(of, 1);
  byCosign(of, root, '.sig');
  of.store.tags.set(tagOf(root, '.sig'), `sha256:${'0'.repeat(64)}`);
  await expect(of.transfer(root, { signatures: 'required' })).rejects.toMatchObject({
    name: 'TagTaken',
    facts: { tag: tagOf(root, '.sig') },
  });
  expect(of.store.tags.has('v1')).toBe(false);
});

const gone: [string, (of: Scene, signature: Manifest) => void][] = [
  ['whose manifest is gone', ({ registry }, { digest }) => registry.manifests.delete(digest)],
  ['whose blob is gone', ({ registry }, { layers: [layer] }) => registry.blobs.delete(layer?.digest ?? '')],
];

test.each(gone)('one %s is left out by best effort, with the list that names it', async (_what, take) => {
  const of = scene();
  const root = image(of, 1);
  const [lost, kept] = [referrer(of, root, 50), referrer(of, root, 51)];
  listed(of, root, [lost, kept]);
  take(of, lost);
  expect(await of.transfer(root)).toMatchObject({ state: 'done', leftOut: [lost.digest, tagOf(root)] });
  expect(of.store.manifests.has(kept.digest)).toBe(true);
  expect(of.store.tags).toEqual(new Map([['v1', root.digest]]));
});

test.each(gone)('one %s is ImageMissing when signatures are required', async (_what, take) => {
  const of = scene();
  const root = image(of, 1);
  const lost = referrer(of, root, 50);
  listed(of, root, [lost]);
  take(of, lost);
  await expect(of.transfer(root, { signatures: 'required' })).rejects.toMatchObject({ name: 'ImageMissing' });
  expect(of.store.tags.size).toBe(0);
});

test('what refers to an image and is no manifest is left out', async () => {
  const of = scene();
  const root = image(of, 1);
  const odd = {
    mediaType: 'application/vnd.oci.artifact.manifest.v1+json',
    digest: `sha256:${'0'.repeat(64)}`,
    size: 2,
  };
  const referrers = () => Promise.resolve([odd]);
  const result = await of.transfer(root, {}, { registry: { ...of.registry, referrers } });
  expect(result).toMatchObject({ state: 'done', leftOut: [odd.digest] });
});

const signedBy: [string, (of: Scene, root: Manifest) => void][] = [
  ['a referrer', (of, root) => referrer(of, root, 50)],
  ['the list', (of, root) => listed(of, root, [referrer(of, root, 50)])],
  ['cosign, by tag', (of, root) => byCosign(of, root, '.sig')],
];

test.each(signedBy)('required, and signed by %s: done', async (_how, sign) => {
  const of = scene();
  const root = image(of, 1);
  sign(of, root);
  expect(await of.transfer(root, { signatures: 'required' })).toMatchObject({ state: 'done' });
});

const unsignedBy: [string, (of: Scene, root: Manifest) => void][] = [
  ['nothing', () => undefined],
  ['a bill of materials', (of, root) => referrer(of, root, 50, 'application/spdx+json')],
  ['an attestation by tag', (of, root) => byCosign(of, root, '.att')],
  ['a signature of another image', (of) => referrer(of, image(of, 2), 50)],
];

test.each(unsignedBy)(
  'required, and there is %s: unsigned, without its tags until it is signed',
  async (_what, add) => {
    const of = scene();
    const root = image(of, 1);
    add(of, root);
    expect(await of.transfer(root, { signatures: 'required' })).toMatchObject({ state: 'unsigned' });
    expect(of.store.manifests.has(root.digest)).toBe(true);
    expect(of.store.tags.has('v1')).toBe(false);
    expect(of.tagsBefore).toEqual([]);
    byCosign(of, root, '.sig');
    expect(await of.transfer(root, { signatures: 'required' })).toMatchObject({ state: 'done' });
    expect(of.store.tags.get('v1')).toBe(root.digest);
  },
);

test('what is attached to a child, not to the image, stays', async () => {
  const of = scene();
  const child = image(of, 1);
  const signature = referrer(of, child, 50);
  await of.transfer(of.registry.index([descriptorOf(child)]));
  expect(of.store.manifests.has(signature.digest)).toBe(false);
});

test('a hundred are copied, one more is refused', async () => {
  const of = scene();
  const root = image(of, 1);
  for (let seed = 0; seed < 99; seed += 1) referrer(of, root, 50 + seed);
  byCosign(of, root, '.sig');
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expectCopied(of);
  byCosign(of, root, '.att');
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageRefused', facts: { attached: 101 } });
});
