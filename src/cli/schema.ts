// hastack schema: the JSON Schema of the spec, for editors that complete and check YAML.
import { command } from './command.ts';

export const schemaCommand = command({
  brief: 'Print the JSON Schema of the spec, for editors',
  usage: '',
  description: [
    'Prints the JSON Schema (draft 2020-12) of the spec. With this as its first line, editors that speak the YAML',
    'language server complete and check a spec while it is written:',
    '  # yaml-language-server: $schema=cluster.schema.json',
  ].join('\n'),
  examples: [{ command: 'hastack schema > cluster.schema.json', does: 'keeps it beside the spec' }],
  async run({ world }) {
    const { specJsonSchema } = await import('../spec/json-schema.ts');
    world.stdout.write(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  },
});
