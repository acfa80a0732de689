/** The station as every panel finds it: what is known, and what this screen may ask for. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Operator } from '../state/operator.ts';
import type { StationState } from '../state/station-state.ts';

export interface StationAccess {
  readonly state: StationState;
  readonly operator: Operator;
}

export const StationContext = createContext<StationAccess | null>(null);

export function useStation(): StationAccess {
  const access = useContext(StationContext);
  if (access === null) throw new Error('This panel stands outside the shell.');
  return access;
}
