/** What an ODrive axis keeps in its flash. Defaults: firmware 0.5.6, `axis.hpp`, `motor.hpp`, `controller.hpp`, `trapTraj.hpp`; flags are 0 or 1. */
export interface OdriveAxisConfig {
  startupClosedLoop: number;
  watchdogTimeoutS: number;
  enableWatchdog: number;
  /** Phase resistance, inductance and encoder offset are known. */
  calibrated: number;
  torqueConstantNmPerA: number;
  polePairs: number;
  currentLimA: number;
  currentHardMaxA: number;
  calibrationCurrentA: number;
  torqueMaxNm: number;
  torqueMinNm: number;
  tempLowerC: number;
  tempUpperC: number;
  controlMode: number;
  inputMode: number;
  posGain: number;
  velGain: number;
  velIntegratorGain: number;
  velLimit: number;
  velLimitTolerance: number;
  velRampRate: number;
  torqueRampRate: number;
  inertia: number;
  inputFilterBandwidth: number;
  enableVelLimit: number;
  enableTorqueModeVelLimit: number;
  enableOverspeedError: number;
  trapVelLimit: number;
  trapAccelLimit: number;
  trapDecelLimit: number;
  encoderCpr: number;
}

export const odriveFactoryConfig = (): OdriveAxisConfig => ({
  startupClosedLoop: 0,
  watchdogTimeoutS: 0,
  enableWatchdog: 0,
  calibrated: 0,
  torqueConstantNmPerA: 0.04,
  polePairs: 7,
  currentLimA: 10,
  currentHardMaxA: 18,
  calibrationCurrentA: 10,
  torqueMaxNm: Infinity,
  torqueMinNm: -Infinity,
  tempLowerC: 100,
  tempUpperC: 120,
  controlMode: 3,
  inputMode: 1,
  posGain: 20,
  velGain: 1 / 6,
  velIntegratorGain: 2 / 6,
  velLimit: 2,
  velLimitTolerance: 1.2,
  velRampRate: 1,
  torqueRampRate: 0.01,
  inertia: 0,
  inputFilterBandwidth: 2,
  enableVelLimit: 1,
  enableTorqueModeVelLimit: 1,
  enableOverspeedError: 1,
  trapVelLimit: 2,
  trapAccelLimit: 0.5,
  trapDecelLimit: 0.5,
  encoderCpr: 8_192,
});
