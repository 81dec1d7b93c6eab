import { z } from 'zod';
import type { ImageBehaviour } from '../fleet/seeds.ts';
import { buildImage } from '../oci/build-image.ts';
import { pushImage } from '../oci/push-image.ts';
import { v2ImageStore } from '../oci/v2-image-store.ts';

/** What GitLab gives each job. https://docs.gitlab.com/ci/variables/predefined_variables/ */
const variables = z.object({
  CI_REGISTRY: z.string(),
  CI_REGISTRY_IMAGE: z.string(),
  CI_REGISTRY_USER: z.string(),
  CI_REGISTRY_PASSWORD: z.string(),
  CI_COMMIT_SHA: z.string(),
  CI_COMMIT_SHORT_SHA: z.string(),
});

const kib = 2 ** 10;
const mib = 2 ** 20;

/** As images are: most of it is a base and packages that every commit shares, the commit's own comes on top. */
const layersOf = (sha: string) => [
  { size: 60 * mib, seed: 'python:3.11-slim' },
  { size: 20 * mib, seed: 'requirements.txt' },
  { size: 24 * mib, seed: `${sha}: model` },
  { size: 6 * mib, seed: `${sha}: application` },
  { size: 48 * kib, seed: `${sha}: settings` },
];

// The build job of a project's .gitlab-ci.yml, in a process of its own: what it is not given, it does not have.
// Its argument stands for the Dockerfile; its last line is what it pushed.
const given = variables.parse(process.env);
const behaviour = JSON.parse(process.argv[2] ?? '') as ImageBehaviour;
const image = buildImage({ seed: given.CI_COMMIT_SHA, layers: layersOf(given.CI_COMMIT_SHA), behaviour });
const login = { username: given.CI_REGISTRY_USER, password: given.CI_REGISTRY_PASSWORD };
const store = v2ImageStore({ url: `http://${given.CI_REGISTRY}`, login });
const repository = given.CI_REGISTRY_IMAGE.slice(given.CI_REGISTRY.length + 1);
await pushImage(store, { repository, tag: given.CI_COMMIT_SHORT_SHA }, { image });
const blobs = image.blobs.map(({ digest, size }) => ({ digest, size }));
console.log(JSON.stringify({ digest: image.main.digest, blobs }));
// Kept connections would hold it for a while yet.
process.exit(0);
