import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: Buffer;
  executable: boolean;
}

// 1980-01-01 00:00, the first time that a zip can hold: equal input gives equal bytes.
const dosTime = 0;
const dosDate = 0x21;
const version = 20;
const deflated = 8;
const madeOnUnix = (3 << 8) | version;
const fileMode = 0o100644;
const programMode = 0o100755;

/**
 * A zip of a few small files, in the order given. Written here because it must be byte-identical for equal input: Lambda
 * and `serverless deploy` take a new hash for new code. Format: PKWARE APPNOTE 4.3, without zip64 (entries < 4 GiB).
 */
export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = deflateRawSync(entry.content, { level: 9 });
    const fields = commonFields(entry.content, data, name);
    const local = Buffer.concat([signature('PK\x03\x04'), fields, name, data]);
    locals.push(local);
    directory.push(directoryEntry(entry, { fields, name, offset }));
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...locals, index, endRecord(entries.length, index.length, offset)]);
};

/** What the local header and the central directory say alike. */
const commonFields = (content: Buffer, data: Buffer, name: Buffer): Buffer => {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(version, 0);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt16LE(dosTime, 6);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
};

const directoryEntry = (entry: ZipEntry, at: { fields: Buffer; name: Buffer; offset: number }): Buffer => {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.executable ? programMode : fileMode) << 16) >>> 0, 6);
  rest.writeUInt32LE(at.offset, 10);
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(madeOnUnix);
  return Buffer.concat([signature('PK\x01\x02'), madeBy, at.fields, rest, at.name]);
};

const endRecord = (count: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature('PK\x05\x06'), end]);
};

const signature = (bytes: string) => Buffer.from(bytes, 'latin1');
