const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const below = (value: unknown, key: string): unknown => {
  if (Array.isArray(value)) return value.find((item) => isRecord(item) && item['name'] === key) as unknown;
  return isRecord(value) ? value[key] : undefined;
};

/** What a definition holds at one of the paths that `differingPaths` names: items of lists go by their `name`, which may have dots. */
export const valueAt = (definition: Readonly<Record<string, unknown>>, path: string): unknown => {
  const parts = path.split('.');
  const walk = (value: unknown, from: number): unknown => {
    if (from === parts.length) return value;
    for (let to = from + 1; to <= parts.length; to += 1) {
      const next = below(value, parts.slice(from, to).join('.'));
      if (next === undefined) continue;
      const found = walk(next, to);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(definition, 0);
};
