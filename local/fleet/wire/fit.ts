import type { ServiceModel, Shape } from './models.ts';
import { shapeOf } from './models.ts';
import { isNewerThanTheModel } from './newer-than-the-models.ts';

/** A place in a value, for messages: `services.1.name`. */
const below = (path: string, member: string): string => (path === '' ? member : `${path}.${member}`);

/** What does not fit, in the words AWS uses, and the members that pass only because newer SDKs know them. */
export interface Fit {
  misfits: string[];
  newer: string[];
}

/** Checks a decoded value (Date for timestamps, Uint8Array for blobs) against a shape of the model. Absent is undefined. */
export const fit = (model: ServiceModel, shapeName: string, value: unknown): Fit => {
  const found: Fit = { misfits: [], newer: [] };
  check({ model, found }, { shapeName, value, path: '' });
  return found;
};

interface Checking {
  model: ServiceModel;
  found: Fit;
}

interface Place {
  shapeName: string;
  value: unknown;
  path: string;
}

const check = (checking: Checking, place: Place): void => {
  const shape = shapeOf(checking.model, place.shapeName);
  if (shape.document === true) return;
  if (!hasType(shape.type, place.value)) {
    checking.found.misfits.push(
      `Value at '${place.path}' failed to satisfy constraint: Member must be of type ${shape.type}`,
    );
    return;
  }
  const broken = brokenConstraint(shape, place.value);
  if (broken !== undefined) {
    checking.found.misfits.push(
      `Value '${shown(place.value)}' at '${place.path}' failed to satisfy constraint: ${broken}`,
    );
  }
  if (shape.type === 'structure') checkStructure(checking, place, shape);
  else if (shape.type === 'list') checkList(checking, place, shape);
  else if (shape.type === 'map') checkMap(checking, place, shape);
};

const hasType = (type: Shape['type'], value: unknown): boolean => {
  switch (type) {
    case 'structure':
    case 'map':
      return isRecord(value);
    case 'list':
      return Array.isArray(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value) && (value as number) === ((value as number) | 0);
    case 'long':
      return Number.isSafeInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 'blob':
      return value instanceof Uint8Array;
  }
};

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

const brokenConstraint = (shape: Shape, value: unknown): string | undefined => {
  const size = sizeOf(value);
  const what = typeof value === 'number' ? 'value' : 'length';
  if (shape.min !== undefined && size < shape.min) {
    return `Member must have ${what} greater than or equal to ${shape.min}`;
  }
  if (shape.max !== undefined && size > shape.max) {
    return `Member must have ${what} less than or equal to ${shape.max}`;
  }
  if (typeof value !== 'string') return undefined;
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    return `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
  }
  if (shape.pattern !== undefined && !whole(shape.pattern).test(value)) {
    return `Member must satisfy regular expression pattern: ${shape.pattern}`;
  }
  return undefined;
};

const sizeOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
};

const patterns = new Map<string, RegExp>();

/** JavaScript has no POSIX classes. */
const PRINTABLE = '[\\x20-\\x7E]';

/** AWS matches patterns against the whole value. The `u` flag only where needed: it forbids escapes that some of them use. */
const whole = (pattern: string): RegExp => {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const plain = pattern.replaceAll('\\p{Print}', PRINTABLE);
  const made = new RegExp(`^(?:${plain})$`, /\\p\{|\\uD800/.test(plain) ? 'u' : '');
  patterns.set(pattern, made);
  return made;
};

const shown = (value: unknown): string => {
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

const checkStructure = (checking: Checking, { shapeName, value, path }: Place, shape: Shape): void => {
  const given = value as Record<string, unknown>;
  for (const member of shape.required ?? []) {
    if (given[member] !== undefined) continue;
    const at = below(path, member);
    checking.found.misfits.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
  }
  for (const [member, inner] of Object.entries(given)) {
    if (inner === undefined) continue;
    const at = below(path, member);
    const ref = shape.members?.[member];
    if (ref !== undefined) check(checking, { shapeName: ref.shape, value: inner, path: at });
    else if (isNewerThanTheModel(checking.model.name, shapeName, member)) {
      checking.found.newer.push(`${shapeName}.${member}`);
    } else checking.found.misfits.push(`Unknown parameter '${at}'`);
  }
};

const checkList = (checking: Checking, { value, path }: Place, shape: Shape): void => {
  const shapeName = shape.member?.shape ?? '';
  (value as unknown[]).forEach((item, index) => {
    check(checking, { shapeName, value: item, path: below(path, `${index + 1}`) });
  });
};

const checkMap = (checking: Checking, { value, path }: Place, shape: Shape): void => {
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    const at = below(path, key);
    check(checking, { shapeName: shape.key?.shape ?? '', value: key, path: at });
    check(checking, { shapeName: shape.value?.shape ?? '', value: inner, path: at });
  }
};
