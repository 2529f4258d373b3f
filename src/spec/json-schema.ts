// The JSON Schema (draft 2020-12) of the spec, for editors; made from the schema that `check` uses.
// What depends on more than one field is not in it: that is what `check` is for.
import { z } from 'zod';
import { clusterSchema } from './schema.ts';
import { exampleOf } from './schema/walk.ts';

type Node = Readonly<Record<string, unknown>>;

export function specJsonSchema(): Node {
  const schema = z.toJSONSchema(clusterSchema, {
    io: 'input',
    target: 'draft-2020-12',
    // Examples of values that are converted are taken for results and left out; ours are what is written.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return {
    ...tidied(schema),
    title: 'hastack cluster',
    description: 'An OpenStack cluster: hosts, networks, promises.',
  };
}

/** Titles are words for messages (`a duration`), examples are YAML: editors show both in the description. */
function tidied(node: Node): Node {
  const { title, examples, description, ...rest } = node;
  const example = exampleOf(examples);
  const parts = [
    typeof description === 'string' ? description : undefined,
    typeof title === 'string' ? `Expects ${title}.` : undefined,
    example === undefined ? undefined : `Example: ${example}`,
  ];
  const text = parts.filter((part) => part !== undefined).join(' ');
  const children = Object.entries(rest).map(([key, value]) => [key, tidiedChild(key, value)] as const);
  return { ...(text === '' ? {} : { description: text }), ...Object.fromEntries(children) };
}

function tidiedChild(key: string, value: unknown): unknown {
  if (key === 'properties' && isNode(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, isNode(child) ? tidied(child) : child]),
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => (isNode(item) ? tidied(item) : item));
  return isNode(value) ? tidied(value) : value;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
