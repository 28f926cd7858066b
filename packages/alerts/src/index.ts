export { listFailing, readAlertState } from './alert-state.ts';
export { runAlerts } from './run-alerts.ts';
export { sendTest } from './send-test.ts';
