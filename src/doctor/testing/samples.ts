// What the table test of the signatures needs: for each, logs that show it and near misses.

export type LogSamples = Readonly<
  Record<string, { readonly bad: readonly string[]; readonly good: readonly string[] }>
>;
