export { type Diagnosis, type DiagnosisState } from './doctor/diagnosis.ts';
export { examine } from './doctor/examine.ts';
