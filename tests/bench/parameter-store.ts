/** A request that the stub refuses, under AWS's name for it. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface ByPath {
  Path?: unknown;
  Recursive?: unknown;
  MaxResults?: unknown;
  NextToken?: unknown;
}

interface Parameter {
  Name: string;
  Type: 'String';
  Value: string;
}

export interface Page {
  Parameters: Parameter[];
  /** absent on the last page */
  NextToken?: string;
}

export interface ParameterStore {
  /** GetParametersByPath. Raises Refusal. */
  byPath(request: object): Page;
  /** GetParameter. Raises Refusal. */
  byName(request: object): { Parameter: Parameter };
}

const mostPerPage = 10;
const members = ['Path', 'Recursive', 'MaxResults', 'NextToken'];

/**
 * Parameter Store as far as GetParameter and GetParametersByPath go: only what lies directly below the path, unless Recursive; at most
 * ten a page. Parameters are kept by folder, so that an answer takes as long however many others there are.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
 */
export const parameterStore = (values: Readonly<Record<string, string>>): ParameterStore => {
  const folders = new Map<string, Parameter[]>();
  for (const [Name, Value] of Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const folder = Name.slice(0, Name.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), { Name, Type: 'String', Value }]);
  }
  const below = (path: string): Parameter[] =>
    [...folders].filter(([folder]) => `${folder}/`.startsWith(`${path}/`)).flatMap(([, parameters]) => parameters);

  return {
    byName: (request) => {
      const { Name } = request as { Name?: unknown };
      const Value = typeof Name === 'string' && Object.hasOwn(values, Name) ? values[Name] : undefined;
      if (Value === undefined) throw new Refusal('ParameterNotFound', 'there is no such parameter');
      return { Parameter: { Name: String(Name), Type: 'String', Value } };
    },
    byPath: (request) => {
      const { path, recursive, size, from } = read(request);
      const found = recursive ? below(path) : (folders.get(path) ?? []);
      const end = from + size;
      const page = { Parameters: found.slice(from, end) };
      return end < found.length ? { ...page, NextToken: token({ path, recursive, from: end }) } : page;
    },
  };
};

interface Place {
  path: string;
  recursive: boolean;
  from: number;
}

const token = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const read = (request: object): Place & { size: number } => {
  const strange = Object.keys(request).find((member) => !members.includes(member));
  if (strange !== undefined) throw new Refusal('ValidationException', `the stub does not play ${strange}`);
  const { Path, Recursive = false, MaxResults = mostPerPage, NextToken } = request as ByPath;
  if (typeof Path !== 'string' || !Path.startsWith('/'))
    throw new Refusal('ValidationException', 'The parameter path must begin with "/"');
  if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > mostPerPage)
    throw new Refusal('ValidationException', `maxResults must be 1 to ${mostPerPage}`);
  const start: Place = { path: Path.replace(/\/$/, ''), recursive: Recursive === true, from: 0 };
  return { ...start, size: Number(MaxResults), from: NextToken === undefined ? 0 : offset(NextToken, start) };
};

/** Where a page begins. A token is good for the query that gave it, and for no other. */
const offset = (given: unknown, { path, recursive }: Place): number => {
  const from = /"from":(\d+)}$/.exec(Buffer.from(String(given), 'base64url').toString())?.[1];
  if (from === undefined || given !== token({ path, recursive, from: Number(from) }))
    throw new Refusal('InvalidNextToken', 'The specified token is not valid');
  return Number(from);
};
