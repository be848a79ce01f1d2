/** Names in the locale en_US. */
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

/** Starting with Sunday. */
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Returns the abbreviations of months or days: the first three letters. */
export const shortNames = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3))

export const eras = ['BC', 'AD']
export const halves = ['AM', 'PM']
