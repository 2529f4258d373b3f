// What reports of findings share as markup: escaping, and the shell of a self-contained HTML page. Pure.

/** Text for XML and HTML, elements and attributes; characters that XML forbids are left out. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A page of findings: articles with the class of their severity, light and dark. The body is markup. */
export function findingsPage(title: string, body: readonly string[]): string {
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title><style>`,
    'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}',
    'article{border-left:4px solid #888;padding:.2rem 1rem;margin:1rem 0}article.critical{border-color:#b3261e}',
    'article.warning{border-color:#b26a00}article.info{border-color:#2f6f9f}code,pre{font-family:ui-monospace,monospace}',
    'pre{background:#f4f5f7;padding:.5rem;white-space:pre-wrap}@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181c}pre{background:#22262b}}',
    `</style></head><body><h1>${escapeMarkup(title)}</h1>`,
    ...body,
    '</body></html>\n',
  ].join('\n');
}
