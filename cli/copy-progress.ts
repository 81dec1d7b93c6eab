import type { CopiedLayer, UploadProgress } from '../lib/ports/copy-journal.ts';
import { inSize } from './words.ts';

/** How far one layer of a copy has come. */
export interface LayerProgress extends CopiedLayer {
  /** bytes of it that are in ECR */
  came: number;
  /** real seconds from the copy's beginning to this layer's latest progress */
  seconds: number;
}

/** What is known of a copy at one moment: from the journal, and which layers ECR has. */
export interface CopySight {
  layers: readonly CopiedLayer[];
  uploads: ReadonlyMap<string, Pick<UploadProgress, 'next'>>;
  inEcr: ReadonlySet<string>;
}

/** Where each layer is `seconds` after the copy's beginning, given where it was before. */
export const layersSoFar = (
  { layers, uploads, inEcr }: CopySight,
  before: readonly LayerProgress[],
  seconds: number,
): LayerProgress[] =>
  layers.map((layer) => {
    const last = before.find(({ digest }) => digest === layer.digest);
    const came = inEcr.has(layer.digest) ? layer.size : (uploads.get(layer.digest)?.next ?? 0);
    return last?.came === came ? last : { ...layer, came, seconds };
  });

const barWidth = 20;

/** The part of the bar is filled that is there for certain: a full bar is a whole layer. */
const barOf = (came: number, size: number): string => {
  const filled = size === 0 ? barWidth : Math.floor((came / size) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
};

const percentOf = (came: number, size: number): string =>
  `${size === 0 ? 100 : Math.floor((came / size) * 100)} %`.padStart(5);

const speedOf = (bytes: number, seconds: number): string =>
  bytes === 0 || seconds === 0 ? '' : `${inSize(bytes / seconds)}/s`;

const layerLine = ({ digest, size, present, came, seconds }: LayerProgress): string => {
  const name = digest.slice('sha256:'.length, 'sha256:'.length + 12);
  const bar = `${name}  ${barOf(came, size)} ${percentOf(came, size)}`;
  if (present) return `${bar}  ${inSize(size).padStart(25)}  in ECR already`;
  const bytes = `${inSize(came).padStart(10)} of ${inSize(size).padStart(10)}`;
  return `${bar}  ${bytes}${speedOf(came, seconds).padStart(14)}`.trimEnd();
};

const sum = (layers: readonly LayerProgress[], of: (layer: LayerProgress) => number): number =>
  layers.reduce((total, layer) => total + of(layer), 0);

/** The copy in one line; empty while nobody knows the layers. */
export const copyGist = (layers: readonly LayerProgress[]): string => {
  if (layers.length === 0) return '';
  const moving = layers.filter(({ present }) => !present);
  const [came, size] = [sum(moving, (layer) => layer.came), sum(moving, (layer) => layer.size)];
  const seconds = Math.max(0, ...moving.map((layer) => layer.seconds));
  const there = sum(layers, (layer) => (layer.present ? layer.size : 0));
  const parts = [
    `${inSize(came)} of ${inSize(size)} copied`,
    speedOf(came, seconds),
    there === 0 ? '' : `${inSize(there)} in ECR already`,
  ];
  return parts.filter((part) => part !== '').join(', ');
};

/** A bar for each layer, and the whole. Empty while nobody knows the layers. */
export const copyLines = (layers: readonly LayerProgress[]): string[] =>
  layers.length === 0 ? [] : [...layers.map(layerLine), copyGist(layers)];
