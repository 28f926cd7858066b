export { SERVICE_ROLES, type ServiceRole, toUnit, toUnitName, type UnitRequest } from './service/unit.ts';
export { installUnit, removeUnit } from './service/install-unit.ts';
