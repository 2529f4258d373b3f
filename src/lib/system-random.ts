// The real source of randomness: the kernel's, by way of Node. Keys and passwords come from here.
import { randomBytes } from 'node:crypto';

import type { RandomBytes } from '../model/clock.ts';

export const systemRandom: RandomBytes = (length) => randomBytes(length);
