// The lab: twin hosts of any cluster on this machine. This file is its whole interface for the rooms above.
//   const lab = await openLab({ cluster, stateDir, clock, random });   finds a lab, up or not
//   await labUp({ ...the same, packages });                            makes it so
// Everything takes the Lab; everything can be called from any process, at any time, also after a kill.
export { type ConsoleScript, consoleEntry, consoleRun, requireOn } from './console.ts';
export { type Lab, type LabOptions, type LabProgress, openLab } from './context.ts';
export { labDown } from './down.ts';
export { enterLab, isInLab } from './enter.ts';
export { type ActiveFault, type Fault, OUTSIDE } from './fault-state.ts';
export {
  type FaultOptions,
  type PartitionRequest,
  cut,
  healFaults,
  loss,
  partition,
  signalUnit,
  thaw,
} from './faults.ts';
export { type HealOptions, heal } from './heal.ts';
export { type Leftover, leftovers } from './leftovers.ts';
export { inLab } from './namespace.ts';
export { packageProxyUrl } from './package-cache.ts';
export { type PowerAction, type PowerOrder, isOn, power } from './power.ts';
export { LAB_PACKAGES, checkPlatform, missingPackages } from './prerequisites.ts';
export { type LabSsh, sshCommand, sshConfigForLab } from './ssh.ts';
export { type LabHostStatus, type LabStatus, labStatus } from './status.ts';
export { vantageAddress } from './topology.ts';
export { bmcPasswordOf } from './bmc.ts';
export { type LabUpOptions, labUp } from './up.ts';
