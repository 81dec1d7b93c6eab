/** A blob or a manifest as another manifest names it. https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  mediaType: string;
  /** sha256:<64 hex> */
  digest: string;
  /** bytes */
  size: number;
  platform?: Platform;
  artifactType?: string;
  annotations?: Readonly<Record<string, string>>;
  /** where a foreign layer lies; never followed */
  urls?: readonly string[];
}

export interface Platform {
  /** as Go writes it: `linux`, `windows` */
  os: string;
  /** as Go writes it: `amd64`, `arm64` */
  architecture: string;
}

/** A manifest's exact bytes; `digest` is their own sha256. */
export interface RawManifest {
  mediaType: string;
  digest: string;
  bytes: Buffer;
}

/** A manifest, read. An index has `manifests`, an image or artifact `config` and `layers`. */
export interface Manifest extends RawManifest {
  manifests: readonly Descriptor[];
  config?: Descriptor;
  layers: readonly Descriptor[];
  /** what it is a signature, attestation or bill of materials of */
  subject?: Descriptor;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
export const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
