/** A deep copy of plain data without its undefined members, as it would come off the wire. Dates stay Dates; blobs are shared: nobody changes them. */
export const copyOf = <T>(value: T): T => copied(value) as T;

const copied = (value: unknown): unknown => {
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, copied(member)]),
  );
};
