// The SPEC argument that most commands take, and what they do first: read the spec and insist that it is valid.

export const DEFAULT_SPEC = 'cluster.yaml';

export const specArgument = {
  parse: parsePath,
  placeholder: 'SPEC',
  brief: 'The spec of the cluster',
  default: DEFAULT_SPEC,
} as const;

/** Among words where the spec may be left out: a spec is a path, other words are names. */
export function isSpecPath(word: string): boolean {
  return /\.ya?ml$/i.test(word) || word.includes('/');
}

function parsePath(text: string): string {
  if (text.trim() === '') throw new Error('must not be empty');
  return text;
}
