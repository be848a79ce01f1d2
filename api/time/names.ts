/** Names of the locale en_US, which is the one that results are compared in. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** From Sunday on. */
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Of months and days: their first three letters. */
export const shortNames = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3))

export const eras = ['BC', 'AD']
export const halves = ['AM', 'PM']
