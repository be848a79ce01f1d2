import { type Props } from '../../api/index.ts'
import { compileJavaRegex } from '../../java/index.ts'
import { parseValue } from '../../config/index.ts'
import { addError, newSettingState, type SettingStates } from './config-infos.ts'

const isBlank = (text: string | null | undefined): boolean =>
  text === undefined || text === null || text.trim() === ''

/** Validates rules of a sink that involve several settings. Source: SinkConnectorConfig.validate. */
export function checkSink(props: Props, states: SettingStates): void {
  const topics = props['topics']
  const regex = props['topics.regex']
  const deadLetters = props['errors.deadletterqueue.topic.name']?.trim() ?? ''
  if (isBlank(topics) === isBlank(regex)) {
    const both = 'topics and topics.regex are mutually exclusive options, but both are set.'
    const message = isBlank(topics) ? 'Must configure one of topics or topics.regex' : both
    addError(states, 'topics', message, topics ?? null)
    addError(states, 'topics.regex', message, regex ?? null)
  }
  if (deadLetters === '') return
  const list = (isBlank(topics) ? [] : parseValue('topics', 'list', topics ?? '')) as readonly string[]
  if (list.includes(deadLetters)) {
    const consumed = `the list of topics ('topics=[${list.join(', ')}]') consumed by the connector`
    addError(states, 'topics', `The DLQ topic '${deadLetters}' may not be included in ${consumed}`)
  }
  if (!isBlank(regex) && matches(regex ?? '', deadLetters)) {
    const consumed = `the regex for the topics ('topics.regex=${regex}') consumed by the connector`
    addError(states, 'topics.regex', `The DLQ topic '${deadLetters}' may not be matched by ${consumed}`)
  }
}

/** Ignores an invalid expression: the validation of its setting reports it. */
function matches(pattern: string, text: string): boolean {
  try {
    return compileJavaRegex(pattern).matches(text)
  } catch {
    return false
  }
}

/**
 * Rejects a sink whose group is the workers' group.
 *
 * Source: DistributedHerder.validateSinkConnectorGroupId.
 */
export function checkSinkGroup(
  props: Props,
  worker: Readonly<Record<string, string>>,
  states: SettingStates,
): void {
  const workerGroup = worker['group.id']
  if (workerGroup === undefined) return
  const override = props['consumer.override.group.id']
  const name = props['name'] ?? ''
  if (override !== undefined && override !== null) {
    const known = states.get('consumer.override.group.id')
    if (known === undefined) states.set('consumer.override.group.id', newSettingState(override))
    if (override !== workerGroup) return
    const message = `Consumer group ${override} conflicts with Connect worker group ${workerGroup}`
    addError(states, 'consumer.override.group.id', message, override)
  } else if (`connect-${name}` === workerGroup) {
    const message = `Consumer group for sink connector named ${name} conflicts with Connect worker group ${workerGroup}`
    addError(states, 'name', message, name)
  }
}
