/** What `act` printed, line by line: logs and metrics as CloudWatch would get them. */
export const printedLines = async (act: () => Promise<unknown>): Promise<string[]> => {
  const printed: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream): typeof stream.write => stream.write.bind(stream));
  for (const stream of streams)
    stream.write = (text: string | Uint8Array): boolean => {
      printed.push(String(text));
      return true;
    };
  try {
    await act();
  } finally {
    for (const [index, write] of originals.entries()) Object.assign(streams[index] ?? {}, { write });
  }
  return printed.join('').split('\n').filter(Boolean);
};
