/** Whether a boolean is true as PostgreSQL prints it, cast to text or not. */
export function isTrue(value: string | null | undefined): boolean {
  return value === 't' || value === 'true'
}
