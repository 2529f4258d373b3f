// The scalar values of a spec: durations, speeds, sizes, addresses, names.
// Each turns the text the user wrote into what the program computes with (seconds, Mbit/s, MiB) and carries a
// title and an example, from which error messages and the JSON Schema are made.
import { z } from 'zod';
import { parseAddress, parseNetwork, parseRange } from '../addresses.ts';

/** Extra data of a custom issue: what to write instead. */
export interface IssueHint {
  readonly write: string;
}

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };
const SPEED_UNITS: Readonly<Record<string, number>> = { M: 1, G: 1000 };
const SIZE_UNITS: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 };

/** Seconds. */
export const duration = quantity(/^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/, DURATION_UNITS).meta({
  title: 'a duration with its unit (ms, s, min, h, d)',
  examples: ['5s'],
});

/** Mbit/s. */
export const speed = quantity(/^(\d+(?:\.\d+)?)(M|G)$/, SPEED_UNITS).meta({
  title: 'a link speed in bits per second with its unit (M, G)',
  examples: ['10G'],
});

/** MiB. */
export const size = quantity(/^(\d+(?:\.\d+)?)(M|G|T)$/, SIZE_UNITS).meta({
  title: 'a size in bytes with its unit (M, G, T)',
  examples: ['2G'],
});

/** In its canonical form. */
export const address = z
  .string()
  .transform((text, context) => {
    const parsed = parseAddress(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: 'is not an IP address' });
    return z.NEVER;
  })
  .meta({ title: 'an IP address', examples: ['10.10.1.11'] });

/** In its canonical form, without host bits. */
export const cidr = z
  .string()
  .transform((text, context) => {
    const parsed = parseNetwork(text);
    if (parsed === undefined) {
      context.addIssue({ code: 'custom', message: 'is not a network' });
      return z.NEVER;
    }
    if (parsed.hostBits) {
      const params: IssueHint = { write: `Write ${parsed.network}.` };
      context.addIssue({
        code: 'custom',
        message: 'is an address inside a network, not the network itself',
        params: { ...params },
      });
      return z.NEVER;
    }
    return parsed.network;
  })
  .meta({ title: 'a network with its prefix length', examples: ['10.10.1.0/24'] });

export const addressRange = z
  .string()
  .transform((text, context) => {
    const range = parseRange(text);
    if (range !== undefined) return range;
    context.addIssue({ code: 'custom', message: 'is not a range of addresses that begins with its lowest one' });
    return z.NEVER;
  })
  .meta({ title: 'a range of addresses, first to last', examples: ['203.0.113.100-203.0.113.199'] });

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

export const dnsName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})*$`))
  .meta({ title: 'a DNS name', examples: ['cloud.example.org'] });

/** Linux: at most 15 bytes, no slash, no space, no colon (those are aliases). */
export const interfaceName = z
  .string()
  .regex(/^(?!\.\.?$)[^\s/:]{1,15}$/)
  .meta({ title: 'the name of a network interface, at most 15 characters', examples: ['eno1'] });

export const port = z
  .int()
  .min(1)
  .max(65_535)
  .meta({ title: 'a port number, 1 to 65535', examples: [22] });

export const count = z
  .int()
  .min(1)
  .max(4096)
  .meta({ title: 'a whole number from 1', examples: [4] });

export const connections = z
  .int()
  .min(100)
  .max(10_000_000)
  .meta({ title: 'a whole number from 100', examples: [20_000] });

export const flag = z.boolean().meta({ title: 'true or false', examples: [true] });

/** A reference to something named elsewhere in the spec; rules look it up. */
export const reference = z
  .string()
  .min(1)
  .max(253)
  .meta({ title: 'a name', examples: ['management'] });

/** Racks and power feeds are often numbered: a number is taken as its text. */
export const label = z
  .union([z.string().min(1).max(253), z.number()])
  .transform(String)
  .meta({ title: 'a name', examples: ['r1'] });

export const url = z
  .string()
  .regex(/^https?:\/\/[^\s]+$/)
  .meta({ title: 'a URL that begins with http:// or https://', examples: ['http://mirror.example.org/debian'] });

/** A path on the machine that runs hastack, relative to the spec. */
export const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0\n]+$/)
  .meta({ title: 'a path, relative to this file', examples: ['tls/public.crt'] });

function quantity(pattern: RegExp, units: Readonly<Record<string, number>>) {
  return z
    .string()
    .regex(pattern)
    .transform((text) => {
      const [, amount, unit] = pattern.exec(text) ?? [];
      return Number(amount) * (units[unit ?? ''] ?? Number.NaN);
    });
}
