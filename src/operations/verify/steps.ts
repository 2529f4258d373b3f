// What is verified, in this order. Each step says which services and earlier steps it needs.
import type { VerifyStep } from './step.ts';
import { accountStep, logInStep, quotaStep } from './steps/account.ts';
import { consoleStep } from './steps/console.ts';
import { dashboardStep } from './steps/dashboard.ts';
import { imageStep } from './steps/image.ts';
import { flavorStep, instancesStep, keyStep } from './steps/instances.ts';
import { migrationStep } from './steps/migration.ts';
import { networkStep, routerStep, securityGroupStep } from './steps/networks.ts';
import { betweenStep, floatingAddressStep, outsideStep, outwardStep } from './steps/reach.ts';
import { stackStep } from './steps/stack.ts';
import { attachStep, detachStep, volumeStep } from './steps/volume.ts';

export const VERIFY_STEPS: readonly VerifyStep[] = [
  logInStep,
  accountStep,
  quotaStep,
  networkStep,
  routerStep,
  securityGroupStep,
  keyStep,
  flavorStep,
  imageStep,
  instancesStep,
  floatingAddressStep,
  outsideStep,
  betweenStep,
  outwardStep,
  consoleStep,
  volumeStep,
  attachStep,
  migrationStep,
  detachStep,
  stackStep,
  dashboardStep,
];
