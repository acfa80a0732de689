/** Invented people to try Dari with, marked as such in every list. None of them exists. */
import type { Patient } from '../../../protocols/api.ts';

const demo = (number: number, patient: Omit<Patient, 'id' | 'displayName' | 'recordNumber' | 'demo'>): Patient => ({
  id: `demo-${number}`,
  displayName: `시범 환자 ${number} · Demo patient ${number}`,
  recordNumber: `DEMO-000${number}`,
  demo: true,
  ...patient,
});

export const demoPatients: readonly Patient[] = [
  demo(1, { birthDate: '1968-04-12', diagnosis: 'Ischaemic stroke, right hemiparesis', sex: 'male', heightM: 1.8, massKg: 75 }),
  demo(2, { birthDate: '1984-11-03', diagnosis: 'Incomplete spinal cord injury T10, AIS D', sex: 'female', heightM: 1.66, massKg: 58 }),
  demo(3, { birthDate: '1951-07-29', diagnosis: 'Parkinson disease, Hoehn and Yahr 2', sex: 'male', heightM: 1.72, massKg: 82 }),
  demo(4, { birthDate: '1990-02-17', diagnosis: 'Multiple sclerosis, EDSS 4.5', sex: 'female', heightM: 1.59, massKg: 64 }),
  demo(5, { birthDate: '2012-09-08', diagnosis: 'Bilateral spastic cerebral palsy, GMFCS II', sex: 'other', heightM: 1.42, massKg: 36 }),
];
