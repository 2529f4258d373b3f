// The identity that tests render with: its secrets and certificates say what they are.
export { placeholderIdentity as fakeIdentity } from '../../src/phases/placeholder-identity.ts';
