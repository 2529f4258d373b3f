// The JSON Schema (draft 2020-12) of the spec, for editors; made from the schema that `check` uses.
// What depends on more than one field is not in it: that is what `check` is for.
import { z } from 'zod';
import { clusterSchema } from './schema.ts';
import { exampleOf } from './schema/walk.ts';

export function specJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(clusterSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return { ...schema, title: 'hastack cluster', description: 'An OpenStack cluster: hosts, networks, promises.' };
}

/** Titles are words for messages (`a duration`), examples are YAML: editors show both in the description. */
function tidy(node: Record<string, unknown>): void {
  const { title, examples, description } = node;
  const example = exampleOf(examples);
  const parts = [
    typeof description === 'string' ? description : undefined,
    typeof title === 'string' ? `Expects ${title}.` : undefined,
    example === undefined ? undefined : `Example: ${example}`,
  ];
  delete node['title'];
  delete node['examples'];
  const text = parts.filter((part) => part !== undefined).join(' ');
  if (text !== '') node['description'] = text;
}
