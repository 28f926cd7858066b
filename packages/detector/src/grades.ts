import { COMPLETENESS_GRADES, type CompletenessGrade } from '@sendit/model';

/** Returns the strongest grade, or null for an empty list. */
export function strongest(grades: readonly CompletenessGrade[]): CompletenessGrade | null {
  return COMPLETENESS_GRADES.find((grade) => grades.includes(grade)) ?? null;
}
