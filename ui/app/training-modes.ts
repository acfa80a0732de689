/** What a training mode is called and does, in three languages. */
import type { TrainingMode } from '../../protocols/training-mode.ts';
import type { Catalog } from './language.ts';

export interface ModeText {
  readonly name: string;
  /** One sentence for who chooses. */
  readonly what: string;
}

const ko: Record<TrainingMode, ModeText> = {
  guidedGait: { name: '보행 유도', what: '로봇이 설정한 힘으로 다리를 보행 패턴에 따라 이끕니다.' },
  pathControl: { name: '경로 제어', what: '움직임 경로 둘레의 통로 안에서 환자가 스스로 박자를 정합니다.' },
  assistStiffness: { name: '필요 시 보조 (강성)', what: '벗어나는 구간만 단단히 이끌고, 잘되는 구간은 조금씩 놓아 줍니다.' },
  assistTorque: { name: '필요 시 보조 (토크)', what: '환자에게 모자라는 힘을 배워 더해 주고, 점차 줄입니다.' },
  transparent: { name: '투명 모드', what: '로봇이 느껴지지 않고 환자가 스스로 움직입니다.' },
  resist: { name: '저항', what: '환자가 로봇의 저항을 이기며 움직입니다.' },
  replay: { name: '기록 재생', what: '치료사가 보여 준 동작을 로봇이 설정한 힘으로 되풀이합니다.' },
  passiveMotion: { name: '수동 운동', what: '로봇이 설정한 힘으로 팔을 정해진 자세들로 이끕니다.' },
  free: { name: '자유 운동', what: '환자가 스스로 움직이고 로봇은 측정만 합니다.' },
  triggered: { name: '의도 시작', what: '환자가 움직이려는 힘이나 근육 신호를 보이면 한 동작씩 이끕니다.' },
  levelWalk: { name: '평지 보행', what: '발판이 평지를 걷듯 발을 이끕니다.' },
  slopeWalk: { name: '경사 보행', what: '발판이 설정한 기울기의 경사로를 따라 발을 이끕니다.' },
  stairsUp: { name: '계단 오르기', what: '발판이 한 걸음에 한 계단씩 발을 올립니다.' },
  stairsDown: { name: '계단 내려가기', what: '발판이 한 걸음에 한 계단씩 발을 내립니다.' },
  mirrorMotion: { name: '거울 운동', what: '로봇이 두 팔을 거울처럼 같은 경로로 이끕니다.' },
  leftLeads: { name: '왼팔이 이끎 (거울)', what: '환자가 왼팔을 스스로 움직이고, 오른팔이 거울처럼 따라갑니다.' },
  rightLeads: { name: '오른팔이 이끎 (거울)', what: '환자가 오른팔을 스스로 움직이고, 왼팔이 거울처럼 따라갑니다.' },
  leftLeadsParallel: { name: '왼팔이 이끎 (나란히)', what: '환자가 왼팔을 스스로 움직이고, 오른팔이 같은 방향으로 따라갑니다.' },
  rightLeadsParallel: { name: '오른팔이 이끎 (나란히)', what: '환자가 오른팔을 스스로 움직이고, 왼팔이 같은 방향으로 따라갑니다.' },
};

const en: Record<TrainingMode, ModeText> = {
  guidedGait: { name: 'Guided gait', what: 'The robot leads the legs along the pattern, as firmly as set.' },
  pathControl: { name: 'Path control', what: 'Legs or arms keep their own timing in a tunnel around the path.' },
  assistStiffness: { name: 'Assist as needed (stiffness)', what: 'Firm where the limb strays, and a little less each time where it does not.' },
  assistTorque: { name: 'Assist as needed (torque)', what: 'Learns the torque that the patient lacks, and lets it fade.' },
  transparent: { name: 'Transparent', what: 'The robot is not felt; the patient moves alone.' },
  resist: { name: 'Resistance', what: 'The patient moves against the robot.' },
  replay: { name: 'Replay', what: 'The robot repeats the movement that it was shown, as firmly as set.' },
  passiveMotion: { name: 'Passive motion', what: 'The robot leads the arm through postures, as firmly as set.' },
  free: { name: 'Free movement', what: 'The patient moves by himself, and the robot only measures.' },
  triggered: { name: 'Triggered', what: 'Each movement waits until the patient begins it, by a push or a muscle.' },
  levelWalk: { name: 'Level ground', what: 'The plates lead the feet as over level ground.' },
  slopeWalk: { name: 'Slope', what: 'The plates lead the feet over ground as steep as their pitch offset.' },
  stairsUp: { name: 'Stairs up', what: 'The plates lead the feet up, one stair per step.' },
  stairsDown: { name: 'Stairs down', what: 'The plates lead the feet down, one stair per step.' },
  mirrorMotion: { name: 'Mirrored motion', what: 'The robot leads both arms along one path, each as the other’s mirror image.' },
  leftLeads: { name: 'Left leads (mirror)', what: 'The patient moves the left arm alone; the right one follows as its mirror image.' },
  rightLeads: { name: 'Right leads (mirror)', what: 'The patient moves the right arm alone; the left one follows as its mirror image.' },
  leftLeadsParallel: { name: 'Left leads (parallel)', what: 'The patient moves the left arm alone; the right one goes the same way beside it.' },
  rightLeadsParallel: { name: 'Right leads (parallel)', what: 'The patient moves the right arm alone; the left one goes the same way beside it.' },
};

const de: Record<TrainingMode, ModeText> = {
  guidedGait: { name: 'Geführter Gang', what: 'Der Roboter führt die Beine entlang des Musters, so fest wie eingestellt.' },
  pathControl: { name: 'Bahnführung', what: 'Beine oder Arme gehen im eigenen Takt in einem Tunnel um die Bahn.' },
  assistStiffness: { name: 'Hilfe nach Bedarf (Steifigkeit)', what: 'Fest, wo Bein oder Arm abweicht, und jedes Mal etwas weniger, wo nicht.' },
  assistTorque: { name: 'Hilfe nach Bedarf (Moment)', what: 'Lernt das Moment, das fehlt, und lässt es abklingen.' },
  transparent: { name: 'Transparent', what: 'Der Roboter ist nicht zu spüren, der Patient bewegt sich allein.' },
  resist: { name: 'Widerstand', what: 'Der Patient bewegt sich gegen den Roboter.' },
  replay: { name: 'Wiedergabe', what: 'Der Roboter wiederholt die Bewegung, die ihm gezeigt wurde, so fest wie eingestellt.' },
  passiveMotion: { name: 'Passive Bewegung', what: 'Der Roboter führt den Arm durch Haltungen, so fest wie eingestellt.' },
  free: { name: 'Freie Bewegung', what: 'Der Patient bewegt sich selbst, der Roboter misst nur.' },
  triggered: { name: 'Ausgelöst', what: 'Jede Bewegung wartet, bis der Patient sie beginnt, durch Druck oder einen Muskel.' },
  levelWalk: { name: 'Ebener Boden', what: 'Die Platten führen die Füße wie auf ebenem Boden.' },
  slopeWalk: { name: 'Steigung', what: 'Die Platten führen die Füße über Boden, der so steil ist wie ihre Neigung.' },
  stairsUp: { name: 'Treppe auf', what: 'Die Platten führen die Füße hinauf, eine Stufe je Schritt.' },
  stairsDown: { name: 'Treppe ab', what: 'Die Platten führen die Füße hinunter, eine Stufe je Schritt.' },
  mirrorMotion: { name: 'Spiegelbewegung', what: 'Der Roboter führt beide Arme auf einer Bahn, jeden als Spiegelbild des anderen.' },
  leftLeads: { name: 'Links führt (Spiegel)', what: 'Der Patient bewegt den linken Arm selbst, der rechte folgt als Spiegelbild.' },
  rightLeads: { name: 'Rechts führt (Spiegel)', what: 'Der Patient bewegt den rechten Arm selbst, der linke folgt als Spiegelbild.' },
  leftLeadsParallel: { name: 'Links führt (parallel)', what: 'Der Patient bewegt den linken Arm selbst, der rechte geht neben ihm denselben Weg.' },
  rightLeadsParallel: { name: 'Rechts führt (parallel)', what: 'Der Patient bewegt den rechten Arm selbst, der linke geht neben ihm denselben Weg.' },
};

export const trainingModeTexts: Catalog<Record<TrainingMode, ModeText>> = { ko, en, de };
