/** Words of the live room and the shell. */
import type { SupervisorState } from '../../protocols/supervision.ts';
import type { CameraView } from '../view3d/view-camera.ts';
import type { Catalog } from '../app/language.ts';
import { liveTextsDe } from './texts-de.ts';
import { liveTextsEn } from './texts-en.ts';
import { liveTextsKo } from './texts-ko.ts';

export interface LiveTexts {
  readonly navLive: string;
  readonly navHistory: string;
  readonly navigation: string;
  readonly languageName: string;
  readonly simulated: string;
  readonly simulatedHint: string;
  readonly close: string;
  // top bar
  readonly patient: string;
  readonly noPatient: string;
  readonly recordNumber: string;
  readonly demoPatient: string;
  readonly born: string;
  readonly mode: string;
  readonly guidedGait: string;
  readonly control: string;
  readonly controlMine: string;
  readonly controlNobody: string;
  readonly controlOther: string;
  readonly takeControl: string;
  readonly takeOver: string;
  readonly takeOverWhat: string;
  readonly elapsed: string;
  readonly estop: string;
  readonly estopClosed: string;
  readonly estopOpen: string;
  readonly unknown: string;
  readonly link: string;
  readonly linkDown: string;
  readonly linkConnecting: string;
  readonly linkWaiting: string;
  readonly display: string;
  readonly displayTitle: string;
  readonly displayHow: string;
  readonly displayReset: string;
  readonly smaller: string;
  readonly larger: string;
  // state sentence
  readonly states: Readonly<Record<SupervisorState, string>>;
  readonly connectingStation: string;
  readonly stationDown: string;
  readonly stationDownWhat: string;
  readonly controllerSilent: string;
  readonly controllerSilentWhat: string;
  readonly chooseFirst: string;
  readonly readyWhat: string;
  readonly notReady: (why: string) => string;
  readonly armedWhat: string;
  readonly runningWhat: (speed: string, guidance: string) => string;
  readonly allInside: string;
  readonly outside: (joints: string) => string;
  readonly pausedWhat: string;
  readonly stoppingWhat: string;
  readonly atJoint: (joint: string) => string;
  readonly check: string;
  // joint cards
  readonly robotTorque: string;
  readonly permitted: string;
  readonly age: string;
  readonly staleValue: string;
  readonly limited: string;
  readonly rangeLegend: string;
  readonly joints: string;
  // figures
  readonly figures: string;
  readonly steps: string;
  readonly distance: string;
  readonly walkTime: string;
  readonly upTime: string;
  // view
  readonly view: string;
  readonly cameras: Readonly<Record<CameraView, string>>;
  readonly reference: string;
  readonly noWebgl: string;
  readonly sceneLabel: string;
  // plots
  readonly plots: string;
  readonly hip: string;
  readonly knee: string;
  readonly left: string;
  readonly right: string;
  readonly referenceBand: string;
  readonly pausePlot: string;
  readonly livePlot: string;
  readonly plotHint: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly seconds: string;
  // controls
  readonly speed: string;
  readonly guidance: string;
  readonly guidanceSides: (left: string, right: string) => string;
  readonly rangeTo: (min: string, max: string) => string;
  readonly less: (what: string) => string;
  readonly more: (what: string) => string;
  readonly moreSettings: string;
  readonly moreSettingsWhat: string;
  readonly rom: string;
  readonly offset: string;
  readonly ofReference: string;
  readonly proposed: string;
  readonly nothingProposed: string;
  readonly discard: string;
  readonly applyHold: string;
  readonly applySummary: (count: number) => string;
  readonly guidanceOf: (side: string) => string;
  // session flow
  readonly choosePatient: string;
  readonly noPatients: string;
  readonly patientsFailed: string;
  readonly retry: string;
  readonly beginSession: string;
  readonly beginSummary: string;
  readonly heightMass: (height: string, mass: string) => string;
  readonly startsWith: string;
  readonly arm: string;
  readonly armSummary: string;
  readonly start: string;
  readonly startSummary: (speed: string) => string;
  readonly pause: string;
  readonly pauseSummary: string;
  readonly resume: string;
  readonly resumeSummary: (speed: string) => string;
  readonly acknowledge: string;
  readonly acknowledgeSummary: string;
  readonly disarm: string;
  readonly endSession: string;
  readonly waitingLabel: string;
  readonly hold: string;
  readonly sessionSaved: string;
  readonly openInHistory: string;
  readonly nextPatient: string;
  // stop
  readonly stop: string;
  readonly stopSecond: string;
  readonly stopRequested: string;
  readonly stopBraking: string;
  readonly stopStanding: string;
  readonly stopUnconfirmed: string;
  readonly stopNoLink: string;
  readonly stopKey: string;
  // messages
  readonly noAnswer: string;
  readonly misunderstood: string;
  readonly stationMessage: string;
  readonly dismiss: string;
}

export const liveTexts: Catalog<LiveTexts> = { ko: liveTextsKo, en: liveTextsEn, de: liveTextsDe };
