/** A text of at most `maxChars` characters: the beginning of a longer one, with an ellipsis. */
export const shortened = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`
