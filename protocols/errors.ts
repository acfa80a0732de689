/**
 * One error class and one catalogue. Codes stand in blocks: 100 transport, 200 drive, 300 profile, 400 safety,
 * 500 session, 600 records, 700 gateway, 800 command line. Every message says what to do next.
 */
export const errorCatalogue = {
  portNotFound: 101,
  portBusy: 102,
  portPermission: 103,
  portLost: 104,
  portFailed: 105,
  adapterSilent: 106,
  driveSilent: 201,
  driveFault: 202,
  wrongDevice: 203,
  commandForged: 204,
  driveRefused: 205,
  driveDoubled: 206,
  deviceBabbles: 207,
  profileUnreadable: 301,
  profileInvalid: 302,
  profileUnknown: 303,
  portsFileInvalid: 304,
  trajectoryInvalid: 305,
  trajectoryUnknown: 306,
  setupInvalid: 401,
  notPermittedNow: 402,
  stopUnconfirmed: 403,
  leaseRefused: 403,
  sessionRunning: 501,
  sessionUnknown: 502,
  scriptInvalid: 503,
  sessionFileExists: 504,
  logUnreadable: 601,
  logTampered: 602,
  diskFull: 603,
  storeFailed: 604,
  patientUnknown: 605,
  patientInvalid: 607,
  entryInvalid: 608,
  dataFolder: 606,
  originRefused: 701,
  messageInvalid: 702,
  addressInUse: 703,
  pipeProtocol: 704,
  usage: 801,
  simulatorFailed: 802,
  controllerFailed: 803,
  browserMissing: 804,
  runStopped: 805,
  forkFailed: 806,
  tableInvalid: 807,
  metricRefused: 808,
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

export class DariError extends Error {
  readonly code: ErrorCode;

  /** @param message plain language; its last sentence says what to do next */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DariError';
    this.code = code;
  }

  get number(): number {
    return errorCatalogue[this.code];
  }

  /** `E103 …`: what the command line prints. */
  override toString(): string {
    return `E${this.number} ${this.message}`;
  }
}
