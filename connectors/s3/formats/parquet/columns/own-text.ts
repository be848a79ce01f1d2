/** The engine copies shorter parts of a text when it cuts them out. */
const SHARED_LENGTH = 13

/**
 * Returns an equal text with memory of its own. A text that was cut out of another one keeps the whole of that in memory:
 * here, all the text of its record.
 */
export function ownText(text: string): string {
  // joining makes a new text, and cutting refers to that one
  return text.length < SHARED_LENGTH ? text : ` ${text}`.slice(1)
}
