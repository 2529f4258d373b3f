import { describe, expect, it } from 'vitest';
import { specJsonSchema } from './json-schema.ts';
import { SECTIONS } from './schema.ts';

type Node = Readonly<Record<string, unknown>>;

describe('specJsonSchema', () => {
  const schema = specJsonSchema();

  it('has every section, says which are needed and forbids others', () => {
    expect(Object.keys(schema['properties'] as Node)).toEqual(SECTIONS);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['cluster', 'networks', 'hosts'],
      additionalProperties: false,
    });
  });

  it('describes every key', () => {
    const bare: string[] = [];
    const visit = (node: Node, path: string): void => {
      for (const [key, child] of Object.entries((node['properties'] ?? {}) as Readonly<Record<string, Node>>)) {
        if (typeof child['description'] !== 'string') bare.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      for (const option of (node['anyOf'] ?? []) as readonly Node[]) visit(option, path);
      const more = node['additionalProperties'];
      if (typeof more === 'object' && more !== null) visit(more as Node, `${path}.*`);
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });

  it('describes what is written, not what it becomes', () => {
    const networks = ((schema['properties'] as Node)['networks'] as Node)['additionalProperties'] as Node;
    expect((networks['properties'] as Node)['speed']).toMatchObject({
      type: 'string',
      pattern: expect.stringContaining('M|G'),
    });
    expect((networks['properties'] as Node)['cidr']).toMatchObject({
      description: 'The network and its prefix length. Expects a network with its prefix length. Example: 10.10.1.0/24',
    });
  });
});
