/** The version of Headrace, as in package.json. */
export const headraceVersion = '0.1.0'

/**
 * The version that workers and built-in plugins report: the compatible version of Kafka Connect, for clients that
 * detect features by version, followed by the version of Headrace.
 */
export const version = `4.3.1-headrace.${headraceVersion}`
