/** Version of Headrace, as in its package.json. */
export const headraceVersion = '0.1.0'

/**
 * What workers and built-in plugins show as their version: the version of Kafka Connect that they are compatible
 * with, so that clients which ask for features find them, with our own behind it.
 */
export const version = `4.3.1-headrace.${headraceVersion}`
