import type { Input } from '../operation.ts';
import type { OperationModel, ServiceModel, Shape } from './models.ts';
import { shapeOf } from './models.ts';

/** `Actions.member.1.Type=forward` as a tree: a name leads on to further names, and may hold a text of its own. */
interface Node {
  text?: string;
  children: Map<string, Node>;
}

/** Members of every query call beside its input. */
const envelope = new Set(['Action', 'Version']);

/** The input of a call in the AWS query protocol. What no shape explains stays in it as text, for `fit` to refuse. */
export const queryInput = (model: ServiceModel, operation: OperationModel, form: URLSearchParams): Input => {
  const root: Node = { children: new Map() };
  for (const [name, text] of form) {
    if (!envelope.has(name)) leafAt(root, name.split('.')).text = text;
  }
  return (operation.input === undefined ? asText(root) : read(model, operation.input.shape, root)) as Input;
};

const leafAt = (root: Node, names: string[]): Node => {
  let node = root;
  for (const name of names) {
    const next = node.children.get(name) ?? { children: new Map<string, Node>() };
    node.children.set(name, next);
    node = next;
  }
  return node;
};

const read = (model: ServiceModel, shapeName: string, node: Node): unknown => {
  const shape = shapeOf(model, shapeName);
  if (shape.type === 'structure') return readStructure(model, shape, node);
  if (shape.type === 'list') return readList(model, shape, node);
  if (shape.type === 'map') return readMap(model, shape, node);
  return node.text !== undefined && node.children.size === 0 ? scalar(shape, node.text) : asText(node);
};

const readStructure = (model: ServiceModel, shape: Shape, node: Node): Record<string, unknown> =>
  Object.fromEntries(
    [...node.children].map(([member, child]) => {
      const ref = shape.members?.[member];
      return [member, ref === undefined ? asText(child) : read(model, ref.shape, child)];
    }),
  );

const readList = (model: ServiceModel, shape: Shape, node: Node): unknown => {
  if (node.text === '' && node.children.size === 0) return [];
  const members = node.children.get('member');
  if (members === undefined || node.children.size > 1) return asText(node);
  return inOrder(members).map((item) => read(model, shape.member?.shape ?? '', item));
};

const readMap = (model: ServiceModel, shape: Shape, node: Node): unknown => {
  const entries = node.children.get('entry');
  if (entries === undefined || node.children.size > 1) return asText(node);
  return Object.fromEntries(
    inOrder(entries).map((entry) => {
      const value = entry.children.get('value') ?? { children: new Map<string, Node>() };
      return [entry.children.get('key')?.text ?? '', read(model, shape.value?.shape ?? '', value)];
    }),
  );
};

const inOrder = (node: Node): Node[] =>
  [...node.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);

const asText = (node: Node): unknown =>
  node.children.size === 0
    ? (node.text ?? '')
    : Object.fromEntries([...node.children].map(([name, child]) => [name, asText(child)]));

const scalar = (shape: Shape, text: string): unknown => {
  switch (shape.type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'timestamp':
      return new Date(text);
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
};
