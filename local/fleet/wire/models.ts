import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ServiceName } from '../operation.ts';

/** A shape of an AWS service model, as botocore's `service-2.json` writes it (only what the wire needs). */
export interface Shape {
  type:
    | 'structure'
    | 'list'
    | 'map'
    | 'string'
    | 'boolean'
    | 'integer'
    | 'long'
    | 'float'
    | 'double'
    | 'timestamp'
    | 'blob';
  required?: string[];
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  /** any JSON value goes */
  document?: boolean;
  /** an error, and whether it is the service's own fault (HTTP 500) */
  exception?: boolean;
  fault?: boolean;
  /** the error's code on the wire where it differs from the shape's name */
  error?: { code: string; httpStatusCode: number };
}

export interface OperationModel {
  name: string;
  input?: { shape: string };
  output?: { shape: string; resultWrapper?: string };
}

export interface ServiceModel {
  name: ServiceName;
  protocol: 'json' | 'query';
  apiVersion: string;
  /** JSON protocol: what stands before the dot in `X-Amz-Target` */
  targetPrefix: string;
  /** query protocol: namespace of the XML answers */
  xmlNamespace: string;
  operations: Record<string, OperationModel>;
  shapes: Record<string, Shape>;
}

export type Models = Record<ServiceName, ServiceModel>;

interface ServiceFile {
  metadata: { apiVersion: string; protocols: string[]; targetPrefix?: string; xmlNamespace?: string };
  operations: Record<string, OperationModel>;
  shapes: Record<string, Shape>;
}

const loaded = new Map<string, Models>();

/** AWS's models of the services the fleet plays, of botocore's data directory, each in its newest version; read once. */
export const loadModels = (dataDir: string): Models => {
  const models = loaded.get(dataDir) ?? {
    ecs: loadModel(dataDir, 'ecs'),
    ecr: loadModel(dataDir, 'ecr'),
    elbv2: loadModel(dataDir, 'elbv2'),
    'application-autoscaling': loadModel(dataDir, 'application-autoscaling'),
  };
  loaded.set(dataDir, models);
  return models;
};

const loadModel = (dataDir: string, name: ServiceName): ServiceModel => {
  const version = readdirSync(join(dataDir, name)).sort().at(-1) ?? '';
  const { metadata, operations, shapes } = readServiceFile(join(dataDir, name, version, 'service-2.json'));
  const protocol = (['json', 'query'] as const).find((known) => metadata.protocols.includes(known));
  if (protocol === undefined) throw new Error(`${name} speaks ${metadata.protocols.join(', ')}, the fleet cannot`);
  return {
    name,
    protocol,
    apiVersion: metadata.apiVersion,
    targetPrefix: metadata.targetPrefix ?? '',
    xmlNamespace: metadata.xmlNamespace ?? '',
    operations,
    shapes,
  };
};

const readServiceFile = (path: string): ServiceFile => {
  const text = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  return JSON.parse(text.toString('utf8')) as ServiceFile;
};

/** The shape of that name; a model that refers to a shape it lacks is broken. */
export const shapeOf = (model: ServiceModel, name: string): Shape => {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`the model of ${model.name} has no shape ${name}`);
  return shape;
};
