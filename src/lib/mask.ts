// Text from logs of hosts, before anybody else sees it.

/** Passwords in URLs and options are not for reports. */
export function masked(text: string): string {
  return text
    .replaceAll(/(\w+:\/\/[^:/@\s]+:)[^@\s]+@/g, '$1***@')
    .replaceAll(/((?:pass(?:word|wd)?|secret|token)['"]?\s*[=:]\s*['"]?)[^\s'",;]+/gi, '$1***');
}
