/** Sounds while there is an alarm, in every room of the page. */
import { useEffect } from 'preact/hooks';
import { useStation } from '../app/station-context.ts';
import { alarmOf } from './alarm.ts';
import { soundAlarm } from './alarm-sound.ts';

export function AlarmSoundMaker() {
  const { state } = useStation();
  const status = state.status.value;
  const priority = alarmOf({ link: state.link.value, supervision: state.supervision.value, sessionOpen: (status?.session ?? null) !== null, preparation: status?.preparation });
  useEffect(() => (priority === null ? undefined : soundAlarm(priority)), [priority]);
  return null;
}
