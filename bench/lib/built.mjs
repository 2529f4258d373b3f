// What the benches use of the program as it was built (npm run build), so that they measure and describe the very same.
const built = async (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);

export const { systemClock } = await built('lib/system-clock.js');
export const { systemRandom } = await built('lib/system-random.js');
export const { SERVICES } = await built('spec/services.js');
export const { COMPONENTS } = await built('components/registry.gen.js');
export const { openLabAt } = await built('lab/context.js');
export const { clusterComponents, desiredState } = await built('phases/desired.js');
export const { ensureIdentity } = await built('phases/identity.js');
export const { openSecrets } = await built('store/secrets.js');
export const { openStateDirectory } = await built('store/state-directory.js');
export const { nftFile } = await built('resources/nftables-scripts.js');
