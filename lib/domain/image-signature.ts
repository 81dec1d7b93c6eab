import type { Descriptor } from './image-manifest.ts';

/** How many things may be attached to one image. */
export const maxAttachments = 100;

/** Where a registry without the referrers API keeps the list: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema */
export const referrersTag = (digest: string): string => digest.replace(':', '-');

/** Where cosign keeps them by tag; the signature first. https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
export const cosignTags = (digest: string): { signature: string; others: readonly string[] } => {
  const tag = referrersTag(digest);
  return { signature: `${tag}.sig`, others: [`${tag}.att`, `${tag}.sbom`] };
};

const bundle = /^application\/vnd\.dev\.sigstore\.bundle\b/;
const signature =
  /^application\/vnd\.(dev\.cosign\.artifact\.sig|dev\.cosign\.simplesigning|cncf\.notary\.signature)\b/;
const signed = 'https://sigstore.dev/cosign/sign/v1';

/**
 * Whether what refers to an image calls itself its signature: cosign's or Notary's. Sigstore's bundles are attestations too, told
 * apart by an annotation, which cosign leaves out of the list of a registry without the referrers API: one without it counts.
 * Nothing is verified.
 */
export const isSignature = ({ artifactType, mediaType, annotations }: Descriptor): boolean => {
  const type = artifactType ?? mediaType;
  if (bundle.test(type)) return (annotations?.['dev.sigstore.bundle.predicateType'] ?? signed) === signed;
  return signature.test(type);
};
