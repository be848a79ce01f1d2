import { defineConfig, invalidValue, nonEmpty, version, type Predicate } from '../../api/index.ts'
import { compileJavaRegex, validRegex } from '../../java/index.ts'
import { predicateName } from '../catalog.ts'

const headerConfig = defineConfig({
  name: {
    type: 'string',
    validate: nonEmpty,
    importance: 'medium',
    doc: 'Header name.',
  },
})

/** Matches records that have at least one header with the given name. Source: HasHeaderKey. */
export const hasHeaderKey: Predicate<typeof headerConfig> = {
  kind: 'predicate',
  name: predicateName('HasHeaderKey'),
  version,
  config: headerConfig,
  create:
    ({ name }) =>
    ({ headers }) =>
      headers.some((header) => header.key === name),
}

/** Matches records whose value is null. Source: RecordIsTombstone. */
export const recordIsTombstone: Predicate = {
  kind: 'predicate',
  name: predicateName('RecordIsTombstone'),
  version,
  config: defineConfig({}),
  create: () => (record) => record.value === null || record.value === undefined,
}

const topicConfig = defineConfig({
  pattern: {
    type: 'string',
    validate: {
      description: 'non-empty string, valid regex',
      check: (key, value) =>
        value === '' ? invalidValue(key, value, 'String must be non-empty') : validRegex.check(key, value),
    },
    importance: 'medium',
    doc: 'Java regular expression that must match the entire topic name.',
  },
})

/** Matches records whose topic name matches a regular expression. Source: TopicNameMatches. */
export const topicNameMatches: Predicate<typeof topicConfig> = {
  kind: 'predicate',
  name: predicateName('TopicNameMatches'),
  version,
  config: topicConfig,
  create({ pattern }) {
    const regex = compileJavaRegex(pattern)
    let last: { readonly topic: string; readonly matches: boolean } | undefined
    return ({ topic }) => {
      if (topic !== last?.topic) last = { topic, matches: typeof topic === 'string' && regex.matches(topic) }
      return last.matches
    }
  },
}
