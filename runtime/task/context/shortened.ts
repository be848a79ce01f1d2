/** Truncates a text to at most `maxChars` characters, ending in an ellipsis. */
export const shortened = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`
