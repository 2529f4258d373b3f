// hastack schema: the JSON Schema of the spec, for editors that complete and check YAML; or of an answer.
import { command } from './command.ts';
import type { Call, NoFlags } from './command.ts';

const DOCUMENTS = ['spec', 'verify', 'recover'] as const;
type DocumentName = (typeof DOCUMENTS)[number];

export const schemaCommand = command<NoFlags, [DocumentName]>({
  brief: 'Print the JSON Schema of the spec, for editors',
  usage: '[spec|verify|recover]',
  description: [
    'Prints the JSON Schema (draft 2020-12) of the spec. With this as its first line, editors that speak the YAML',
    'language server complete and check a spec while it is written:',
    '  # yaml-language-server: $schema=cluster.schema.json',
    'With `verify` or `recover` it prints that of the document of that command with --json.',
  ].join('\n'),
  examples: [
    { command: 'hastack schema > cluster.schema.json', does: 'keeps it beside the spec' },
    { command: 'hastack schema verify', does: 'what `hastack verify --json` prints' },
  ],
  positional: {
    kind: 'tuple',
    parameters: [{ parse: parseName, placeholder: 'DOCUMENT', brief: 'spec, verify or recover', default: 'spec' }],
  },
  run: printSchema,
});

function parseName(text: string): DocumentName {
  const found = DOCUMENTS.find((name) => name === text);
  if (found === undefined) throw new Error(`is none of ${DOCUMENTS.join(', ')}`);
  return found;
}

async function printSchema({ world }: Call<NoFlags>, name: DocumentName): Promise<void> {
  const schema = await schemaOf(name);
  world.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
}

async function schemaOf(name: DocumentName): Promise<unknown> {
  switch (name) {
    case 'spec':
      return (await import('../spec/json-schema.ts')).specJsonSchema();
    case 'verify':
      return (await import('../operations/verify/report.ts')).verifyReportSchema();
    case 'recover':
      return (await import('../operations/recover/report.ts')).recoverReportSchema();
  }
}
