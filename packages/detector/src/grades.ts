import { COMPLETENESS_GRADES, type CompletenessGrade } from '@sendit/model';

/** The strongest of some grades; null when there is none. */
export function strongest(grades: readonly CompletenessGrade[]): CompletenessGrade | null {
  return COMPLETENESS_GRADES.find((grade) => grades.includes(grade)) ?? null;
}
