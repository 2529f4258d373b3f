// All samples, by rule.
import { KEEPALIVED } from './keepalived.samples.ts';
import type { Samples } from './sample.ts';

export const SAMPLES: Samples = { ...KEEPALIVED };
