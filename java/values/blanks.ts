/** Java's `String.trim`: removes all characters up to U+0020. */
export const javaTrim = (text: string): string => text.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '')

/** Source: org.apache.kafka.common.utils.Utils.isBlank. */
export const isBlank = (text: string): boolean => /^[\u0000-\u0020]*$/.test(text)
