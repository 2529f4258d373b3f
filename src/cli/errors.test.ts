import { describe, expect, it } from 'vitest';

import { HastackError } from '../model/error.ts';
import { errorDocument, errorText } from './errors.ts';

const plain = { color: false, verbose: false };

describe('errorText', () => {
  it('says where, what and how to go on', () => {
    const error = new HastackError({
      code: 'spec-invalid',
      message: 'no such network',
      hint: 'write one of a, b',
      host: 'ctl1',
      at: { file: 'c.yaml', line: 3, column: 7 },
    });
    expect(errorText(error, plain)).toBe('error: c.yaml:3:7: ctl1: no such network\n  hint: write one of a, b\n');
  });

  it('shows causes with --verbose only, also when they form a ring', () => {
    const cause = new Error('inner');
    cause.cause = cause;
    const error = new HastackError({ code: 'refused', message: 'outer', hint: 'h', cause });
    expect(errorText(error, plain)).not.toContain('inner');
    expect(errorText(error, { color: false, verbose: true })).toContain('caused by: inner');
  });

  it('shows the stack of a bug, and calls it one', () => {
    const text = errorText(new TypeError('x is undefined'), plain);
    expect(text).toContain('hastack has a bug: x is undefined');
    expect(text).toContain('errors.test.ts');
    expect(text).toContain('hint:');
  });

  it('has no escape sequence without colour', () => {
    expect(errorText(new Error('x'), plain)).not.toContain('\u001B');
    expect(errorText(new Error('x'), { color: true, verbose: false })).toContain('\u001B[');
  });
});

describe('errorDocument', () => {
  it('carries code, exit code and what is known about the place', () => {
    const error = new HastackError({ code: 'lock-held', message: 'm', hint: 'h', host: 'ctl1' });
    expect(errorDocument(error)).toEqual({
      error: { code: 'lock-held', message: 'm', hint: 'h', exitCode: 5, host: 'ctl1' },
    });
    expect(errorDocument('thrown text').error).toMatchObject({ code: 'bug', exitCode: 70, message: 'thrown text' });
  });
});
