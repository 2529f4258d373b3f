// The image of the instances that `verify` and drills boot: kernel, busybox and a small ssh server in 22 MB, made here
// in about ten seconds and kept beside the golden images. Boots under plain emulation to ssh in about six seconds in
// 96 MB of memory. A raw disk, so that any image store takes it as it is (Ceph clones raw images only).
// The directory's name is a hash of everything that goes in; a build that was killed is made again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';
import { checkPlatform } from './prerequisites.ts';
import type { Lab } from './context.ts';
import { build, goldenImage } from './golden.ts';
import { INIT, METADATA_SCRIPT, UDHCPC_SCRIPT } from './guest-files.ts';
import { GUEST_INSIDE_SCRIPT, GUEST_SCRIPT } from './guest-scripts.ts';
import { digest } from './names.ts';

/** Path of the image; made when it is not there, which needs root and a way to the Debian mirror. */
export async function guestImage(lab: Lab, proxy?: string): Promise<string> {
  checkPlatform();
  const { layers, key } = await goldenImage(lab, { packages: [], ...(proxy === undefined ? {} : { proxy }) });
  const [base] = layers;
  if (base === undefined) throw new Error('the base image has no layer');
  const final = join(lab.cacheDir, 'golden', `guest-${guestKey(key)}`);
  await build(lab, {
    stage: 'guest',
    final,
    script: GUEST_SCRIPT,
    proxy,
    parameters: [base, join(lab.cacheDir, 'archives'), INIT, UDHCPC_SCRIPT, METADATA_SCRIPT, GUEST_INSIDE_SCRIPT],
  });
  const file = join(final, 'guest.raw');
  if (existsSync(file)) return file;
  throw new HastackError({
    code: 'environment',
    message: `${file} is not there although its directory is`,
    hint: `remove ${final} and run it again`,
  });
}

export function guestKey(baseKey: string): string {
  return digest(JSON.stringify([baseKey, GUEST_SCRIPT, GUEST_INSIDE_SCRIPT, INIT, UDHCPC_SCRIPT, METADATA_SCRIPT]), 16);
}
