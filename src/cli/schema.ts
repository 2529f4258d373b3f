// hastack schema: the JSON Schema of the spec, for editors that complete and check YAML; or of an answer.
import { command } from './command.ts';
import type { Call, NoFlags } from './command.ts';

const DOCUMENTS = ['spec', 'verify'] as const;
type DocumentName = (typeof DOCUMENTS)[number];

export const schemaCommand = command<NoFlags, [DocumentName]>({
  brief: 'Print the JSON Schema of the spec, for editors',
  usage: '[spec|verify]',
  description: [
    'Prints the JSON Schema (draft 2020-12) of the spec. With this as its first line, editors that speak the YAML',
    'language server complete and check a spec while it is written:',
    '  # yaml-language-server: $schema=cluster.schema.json',
    'With `verify` it prints that of the document of `hastack verify --json`.',
  ].join('\n'),
  examples: [
    { command: 'hastack schema > cluster.schema.json', does: 'keeps it beside the spec' },
    { command: 'hastack schema verify', does: 'what `hastack verify --json` prints' },
  ],
  positional: {
    kind: 'tuple',
    parameters: [{ parse: parseName, placeholder: 'DOCUMENT', brief: 'spec or verify', default: 'spec' }],
  },
  run: printSchema,
});

function parseName(text: string): DocumentName {
  const found = DOCUMENTS.find((name) => name === text);
  if (found === undefined) throw new Error(`is neither ${DOCUMENTS.join(' nor ')}`);
  return found;
}

async function printSchema({ world }: Call<NoFlags>, name: DocumentName): Promise<void> {
  const schema =
    name === 'spec'
      ? (await import('../spec/json-schema.ts')).specJsonSchema()
      : (await import('../operations/verify/report.ts')).verifyReportSchema();
  world.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
}
