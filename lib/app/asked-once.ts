/** Asks once for each key, whoever wants to know it and when. What failed has failed for all of them. */
export const askedOnce = <Key, Value>(ask: (key: Key) => Promise<Value>): ((key: Key) => Promise<Value>) => {
  const answers = new Map<Key, Promise<Value>>();
  return async (key) => {
    const known = answers.get(key) ?? ask(key);
    answers.set(key, known);
    return known;
  };
};
