/** Why the robot is limited, stopped or not ready, as plain sentences with what to check, in three languages. */
import type { Cause } from '../../protocols/supervision.ts';
import type { Catalog } from './language.ts';

export interface CauseText {
  /** What happened, as a short sentence without a full stop. */
  readonly title: string;
  /** What a person should look at next. */
  readonly check: string;
}

export type AlarmPriority = 'high' | 'medium' | 'low';

/** As in IEC 60601-1-8: high is red and quick, medium yellow and slow, low cyan and steady. */
const priorities: Partial<Record<Cause, AlarmPriority>> = {
  none: 'low',
  operatorStop: 'low',
  noSession: 'low',
  shutdown: 'low',
  operatorLost: 'medium',
  stationLost: 'medium',
  recorderFailed: 'medium',
  loopOverrun: 'medium',
  outsideSoftRange: 'medium',
  driveNotEnabled: 'medium',
  brakeEngaged: 'medium',
  enableRelayOpen: 'medium',
};
export const causePriority = (cause: Cause): AlarmPriority => priorities[cause] ?? 'high';

const ko: Record<Cause, CauseText> = {
  none: { title: '이상 없음', check: '' },
  operatorStop: { title: '치료사가 정지했습니다', check: '환자의 상태와 자세를 확인한 뒤 확인 버튼을 길게 누르세요.' },
  operatorLost: { title: '조작 화면과의 연결이 끊겼습니다', check: '이 화면을 켜 두고 앞에 둔 채로, 제어권을 다시 받으세요.' },
  stationLost: { title: '스테이션과의 연결이 끊겼습니다', check: '스테이션이 다시 연결될 때까지 기다린 뒤 확인하세요.' },
  patientButton: { title: '환자가 정지 버튼을 눌렀습니다', check: '환자에게 불편한 곳을 묻고, 버튼이 풀렸는지 확인하세요.' },
  estopOpen: { title: '비상정지 회로가 열려 있습니다', check: '원인을 해결하고 비상정지 버튼을 돌려 푼 다음 확인하세요.' },
  linkDown: { title: '로봇 케이블 연결이 끊겼습니다', check: '직렬 케이블과 어댑터를 확인하세요. 연결은 자동으로 복구됩니다.' },
  driveSilent: { title: '모터 드라이브가 응답하지 않습니다', check: '드라이브 전원과 케이블을 확인하세요.' },
  driveFault: { title: '모터 드라이브가 고장을 알렸습니다', check: '드라이브 오류 코드를 확인하고 전원을 껐다 켜세요. 반복되면 점검을 요청하세요.' },
  driveNotEnabled: { title: '모터 드라이브가 켜지지 않았습니다', check: '비상정지 회로와 드라이브 전원을 확인하세요.' },
  driveOverTemperature: { title: '모터 드라이브가 과열되었습니다', check: '식을 때까지 쉬고, 유도력이나 속도를 낮추세요.' },
  hubSilent: { title: '센서 허브가 응답하지 않습니다', check: '센서 허브의 전원과 케이블을 확인하세요.' },
  hubFrozen: { title: '센서 허브의 값이 멈춰 있습니다', check: '센서 허브를 다시 켜세요. 반복되면 점검을 요청하세요.' },
  enableRelayOpen: { title: '구동 허가 릴레이가 열려 있습니다', check: '비상정지 회로와 센서 허브 연결을 확인하세요.' },
  brakeEngaged: { title: '브레이크가 걸려 있습니다', check: '브레이크를 해제한 뒤 다시 준비하세요.' },
  implausibleInput: { title: '센서 값이 있을 수 없는 값입니다', check: '해당 관절의 엔코더와 케이블을 확인하세요.' },
  sensorDisagreement: { title: '모터와 관절의 각도가 서로 다릅니다', check: '커플링과 엔코더 고정을 확인하고, 환자를 내린 뒤 점검하세요.' },
  positionOutOfRange: { title: '관절이 허용 범위를 벗어났습니다', check: '환자의 자세와 커프를 확인하고, 관절을 범위 안으로 옮기세요.' },
  speedOutOfRange: { title: '관절이 너무 빨리 움직였습니다', check: '경련이나 커프 풀림이 없는지 확인하세요.' },
  standstillUnconfirmed: { title: '관절이 멈췄는지 확인되지 않았습니다', check: '먼저 환자를 살핀 다음 케이블을 확인하세요.' },
  torqueOutOfRange: { title: '관절 토크가 한계를 넘었습니다', check: '경련이나 걸림이 없는지 확인하고, 속도나 범위를 줄이세요.' },
  trackingLost: { title: '로봇이 궤적을 따라가지 못했습니다', check: '걸림과 환자의 저항을 확인하고, 유도력이나 범위를 조정하세요.' },
  loopOverrun: { title: '제어 주기가 제때 돌지 못했습니다', check: '이 컴퓨터의 다른 프로그램을 닫고 다시 준비하세요.' },
  recorderFailed: { title: '기록을 저장할 수 없습니다', check: '디스크 공간을 확인하고, 세션을 끝낸 뒤 새로 시작하세요.' },
  noSession: { title: '열려 있는 세션이 없습니다', check: '환자를 고르고 세션을 시작하세요.' },
  outsideSoftRange: { title: '관절이 시작 범위 밖에 있습니다', check: '관절을 허용 범위 안으로 옮긴 뒤 준비하세요.' },
  shutdown: { title: '시스템이 종료되는 중입니다', check: '종료가 끝날 때까지 기다리세요.' },
};

const en: Record<Cause, CauseText> = {
  none: { title: 'Nothing is wrong', check: '' },
  operatorStop: { title: 'Stopped by the therapist', check: 'Check the patient and the posture, then hold Acknowledge.' },
  operatorLost: { title: 'The operator’s screen was lost', check: 'Keep this screen awake and in front, then take control again.' },
  stationLost: { title: 'The station was lost', check: 'Wait until the station is connected again, then acknowledge.' },
  patientButton: { title: 'The patient pressed the stop button', check: 'Ask the patient what is wrong and make sure that the button is released.' },
  estopOpen: { title: 'The emergency-stop line is open', check: 'Remove the cause, release the emergency stop, then acknowledge.' },
  linkDown: { title: 'A cable to the robot is disconnected', check: 'Check the serial cable and its adapter. The link comes back by itself.' },
  driveSilent: { title: 'A motor drive does not answer', check: 'Check the drive’s power and its cable.' },
  driveFault: { title: 'A motor drive reports a fault', check: 'Read the drive’s error code and power-cycle it. Call service if it happens again.' },
  driveNotEnabled: { title: 'A motor drive is not enabled', check: 'Check the emergency-stop line and the drive power.' },
  driveOverTemperature: { title: 'A motor drive is too hot', check: 'Let it cool down; use less guidance or a lower speed.' },
  hubSilent: { title: 'The sensor hub does not answer', check: 'Check the sensor hub’s power and its cable.' },
  hubFrozen: { title: 'The sensor hub’s values stand still', check: 'Restart the sensor hub. Call service if it happens again.' },
  enableRelayOpen: { title: 'The enable relay is open', check: 'Check the emergency-stop line and the sensor hub’s connection.' },
  brakeEngaged: { title: 'The brake is engaged', check: 'Release the brake, then arm again.' },
  implausibleInput: { title: 'A sensor reports an impossible value', check: 'Check this joint’s encoder and its cable.' },
  sensorDisagreement: { title: 'Motor and joint angle disagree', check: 'Check the coupling and the encoder mount; take the patient out first.' },
  positionOutOfRange: { title: 'A joint left its permitted range', check: 'Check posture and cuffs, and bring the joint back inside its range.' },
  speedOutOfRange: { title: 'A joint moved too fast', check: 'Look for spasm or a loose cuff.' },
  standstillUnconfirmed: { title: 'Nobody saw the joints come to rest', check: 'Look at the patient first, then check the cables.' },
  torqueOutOfRange: { title: 'A joint’s torque exceeded its limit', check: 'Look for spasm or a jam; reduce speed or range.' },
  trackingLost: { title: 'The robot could not follow its path', check: 'Look for a jam or resistance; adjust guidance or range.' },
  loopOverrun: { title: 'The control loop ran late', check: 'Close other programs on this computer, then arm again.' },
  recorderFailed: { title: 'The recording cannot be written', check: 'Free disk space, end this session and begin a new one.' },
  noSession: { title: 'No session is open', check: 'Choose a patient and begin a session.' },
  outsideSoftRange: { title: 'A joint is outside its starting range', check: 'Move the joint inside its permitted range, then arm.' },
  shutdown: { title: 'The system is shutting down', check: 'Wait until it has ended.' },
};

const de: Record<Cause, CauseText> = {
  none: { title: 'Keine Störung', check: '' },
  operatorStop: { title: 'Von der Therapie gestoppt', check: 'Patient und Haltung prüfen, dann Quittieren gedrückt halten.' },
  operatorLost: { title: 'Die Bedienung ist nicht mehr verbunden', check: 'Diesen Bildschirm wach und vorn lassen und die Steuerung neu übernehmen.' },
  stationLost: { title: 'Die Station ist nicht mehr verbunden', check: 'Warten, bis die Station wieder verbunden ist, dann quittieren.' },
  patientButton: { title: 'Die Patiententaste wurde gedrückt', check: 'Nach Beschwerden fragen und prüfen, ob die Taste gelöst ist.' },
  estopOpen: { title: 'Der Not-Halt-Kreis ist offen', check: 'Ursache beseitigen, Not-Halt entriegeln, dann quittieren.' },
  linkDown: { title: 'Ein Kabel zum Roboter ist getrennt', check: 'Serielles Kabel und Adapter prüfen. Die Verbindung kehrt von selbst zurück.' },
  driveSilent: { title: 'Ein Motorantrieb antwortet nicht', check: 'Stromversorgung und Kabel des Antriebs prüfen.' },
  driveFault: { title: 'Ein Motorantrieb meldet einen Fehler', check: 'Fehlercode ablesen und Antrieb neu einschalten. Bei Wiederholung den Service rufen.' },
  driveNotEnabled: { title: 'Ein Motorantrieb ist nicht freigegeben', check: 'Not-Halt-Kreis und Antriebsversorgung prüfen.' },
  driveOverTemperature: { title: 'Ein Motorantrieb ist zu heiß', check: 'Abkühlen lassen; weniger Führung oder langsamer gehen.' },
  hubSilent: { title: 'Der Sensor-Hub antwortet nicht', check: 'Stromversorgung und Kabel des Sensor-Hubs prüfen.' },
  hubFrozen: { title: 'Die Werte des Sensor-Hubs stehen still', check: 'Sensor-Hub neu starten. Bei Wiederholung den Service rufen.' },
  enableRelayOpen: { title: 'Das Freigaberelais ist offen', check: 'Not-Halt-Kreis und Verbindung des Sensor-Hubs prüfen.' },
  brakeEngaged: { title: 'Die Bremse ist eingefallen', check: 'Bremse lösen, dann erneut scharf schalten.' },
  implausibleInput: { title: 'Ein Sensor meldet einen unmöglichen Wert', check: 'Encoder und Kabel dieses Gelenks prüfen.' },
  sensorDisagreement: { title: 'Motor- und Gelenkwinkel widersprechen sich', check: 'Erst den Patienten herausnehmen, dann Kupplung und Encoder prüfen.' },
  positionOutOfRange: { title: 'Ein Gelenk hat den erlaubten Bereich verlassen', check: 'Haltung und Manschetten prüfen und das Gelenk zurück in den Bereich bringen.' },
  speedOutOfRange: { title: 'Ein Gelenk war zu schnell', check: 'Auf Spastik oder lose Manschetten achten.' },
  standstillUnconfirmed: { title: 'Stillstand der Gelenke nicht bestätigt', check: 'Zuerst nach dem Patienten sehen, dann die Kabel prüfen.' },
  torqueOutOfRange: { title: 'Das Gelenkmoment war zu hoch', check: 'Auf Spastik oder Blockade achten; Tempo oder Bereich verringern.' },
  trackingLost: { title: 'Der Roboter konnte der Bahn nicht folgen', check: 'Auf Blockade oder Widerstand achten; Führung oder Bereich anpassen.' },
  loopOverrun: { title: 'Der Regelkreis lief zu spät', check: 'Andere Programme auf diesem Rechner schließen, dann erneut scharf schalten.' },
  recorderFailed: { title: 'Die Aufzeichnung kann nicht geschrieben werden', check: 'Speicherplatz schaffen, Sitzung beenden und neu beginnen.' },
  noSession: { title: 'Keine Sitzung ist offen', check: 'Patient wählen und Sitzung beginnen.' },
  outsideSoftRange: { title: 'Ein Gelenk steht außerhalb des Startbereichs', check: 'Gelenk in den erlaubten Bereich bewegen, dann scharf schalten.' },
  shutdown: { title: 'Das System wird beendet', check: 'Bitte warten, bis es beendet ist.' },
};

export const causeTexts: Catalog<Record<Cause, CauseText>> = { ko, en, de };
