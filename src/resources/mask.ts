// Masks what looks like a secret in the text of a configuration file: passwords in URLs (also of several hosts in one) and the values of options
// named like secrets. The same patterns run on the host (sed) before a text is sent, and here on the desired text,
// so that both sides of a diff are masked alike. Masking is a net, not a licence: files made of secrets are `secret`.

const MASK = '***';

/** `before` is kept, what `value` matches is replaced. Both are valid for sed -E and for JavaScript. */
const PATTERNS: readonly { readonly before: string; readonly value: string; readonly after: string }[] = [
  { before: '(://|,)[^:/@, \\t\\n]*:', value: '[^@/, \\t\\n]+', after: '@' },
  {
    before:
      '^[ \\t]*"?[a-z0-9_.-]*(password|passwd|passphrase|auth_pass|secret|credential|admin_token|auth_token|encryption_key|sst_auth)[a-z0-9_.-]*"?[ \\t]*[=: \\t][ \\t]*',
    value: '[^/ \\t\\n=].*',
    after: '$',
  },
  { before: '(insecure-password|stats auth)[ \\t]+', value: '[^ \\t\\n]+', after: '' },
];

/** `sed` with the masks; reads stdin. */
export const MASK_COMMAND = `LC_ALL=C sed -E ${PATTERNS.map(sedExpression).join(' ')}`;

/** Masks a text, and every occurrence of the given values in it. */
export function maskSecrets(text: string, secrets: readonly string[] = []): string {
  let masked = text;
  for (const { before, value, after } of PATTERNS) {
    masked = masked.replace(new RegExp(`(${before})${value}(?=${after})`, 'gim'), `$1${MASK}`);
  }
  // Longest first: a secret may be part of another.
  for (const secret of secrets.filter((each) => each !== '').toSorted((a, b) => b.length - a.length)) {
    masked = masked.replaceAll(secret, MASK);
  }
  return masked;
}

function sedExpression(pattern: { readonly before: string; readonly value: string; readonly after: string }): string {
  return `-e 's#(${pattern.before})${pattern.value}${pattern.after}#\\1${MASK}${pattern.after.replace('$', '')}#gI'`;
}
