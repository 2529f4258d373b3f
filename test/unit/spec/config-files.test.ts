// The files that a spec may override are those that the components let it override: neither more nor fewer.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVICES, SERVICE_NAMES, isDeployable, knownConfigFiles } from '../../../src/spec/services.ts';

const COMPONENTS = new URL('../../../src/components/', import.meta.url);

/** Drop-ins that several services have under one base name, and units of our own: overridden by path. */
const BY_PATH = /hastack[^/]*\.(conf|service|timer)$/;

function overridable(): ReadonlySet<string> {
  const files = readdirSync(COMPONENTS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const texts = files.map((file) => readFileSync(new URL(file, COMPONENTS), 'utf8')).join('\n');
  const rendered = Array.from(texts.matchAll(/configFile\(ctx, \{(.*?)\}\)/gs), ([, options]) => {
    const path = /path: [`']([^`']+)[`']/.exec(options ?? '')?.[1] ?? '';
    return /overrideAs: '([^']+)'/.exec(options ?? '')?.[1] ?? path.slice(path.lastIndexOf('/') + 1);
  });
  const merged = Array.from(texts.matchAll(/overrides\('([^']+)'\)/g), ([, name]) => name ?? '');
  return new Set([...rendered, ...merged].filter((name) => !BY_PATH.test(name)));
}

describe('configuration files a spec may override', () => {
  it('are known when a component lets them be overridden', () => {
    const known = new Set(knownConfigFiles());
    expect([...overridable()].filter((name) => !known.has(name))).toEqual([]);
  });

  it('are overridable when a deployable service names them', () => {
    const named = SERVICE_NAMES.filter(isDeployable).flatMap((name) => SERVICES[name].files);
    expect(named.filter((name) => !overridable().has(name))).toEqual([]);
  });
});
