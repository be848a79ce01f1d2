import { ConnectError, messageOf, type SinkRecord } from '../../../api/index.ts'
import { simpleDateFormat } from '../../../java/index.ts'
import { fieldText } from '../documents/field-path.ts'
import { withoutFirstMark } from './index-names.ts'

/** A compiled `headrace.index.name`. */
export interface NameTemplate {
  /** Returns the name for a record. Throws `HR_DATA_INVALID` if the result is no valid name. */
  nameOf(record: SinkRecord): string
  /** Whether names depend on the topic alone. */
  readonly perTopic: boolean
  /** The placeholders that need the timestamp or the value of a record, as written. */
  readonly perRecord: readonly string[]
}

type Part = (record: SinkRecord) => string

const PLACEHOLDER = /\$\{([^}]*)\}/g
/** The last time that a Date can have; timestamps in nanoseconds are beyond it. */
const LATEST = 8.64e15
const ILLEGAL_TEXT = /[\\/*?"<>| ,#:${}\u0000-\u001f]/

/**
 * Compiles a template for names of indexes: `${topic}`, `${timestamp:yyyy.MM.dd}` with a pattern of SimpleDateFormat in UTC,
 * and `${field:customer.country}`. Names are in lower case, and one leading `-` or `_` is dropped, as for topics.
 *
 * Throws `HR_CONFIG_INVALID` with the reason if the template can never produce a name.
 */
export function parseNameTemplate(template: string): NameTemplate {
  if (template.trim() === '') throw invalid(template, 'it is empty')
  const parts: Part[] = []
  const perRecord: string[] = []
  let position = 0
  for (const match of template.matchAll(PLACEHOLDER)) {
    addText(parts, template, template.slice(position, match.index))
    const [placeholder, content = ''] = match
    parts.push(partOf(template, placeholder, content))
    if (content !== 'topic') perRecord.push(placeholder)
    position = match.index + placeholder.length
  }
  addText(parts, template, template.slice(position))
  return { nameOf: (record) => nameOf(parts, record), perTopic: perRecord.length === 0, perRecord }
}

function nameOf(parts: readonly Part[], record: SinkRecord): string {
  let text = ''
  for (const part of parts) text += part(record)
  return withoutFirstMark(text.toLowerCase())
}

function addText(parts: Part[], template: string, text: string): void {
  if (text === '') return
  const illegal = ILLEGAL_TEXT.exec(text)?.[0]
  if (illegal !== undefined) throw invalid(template, `it contains ${JSON.stringify(illegal)}`)
  parts.push(() => text)
}

function partOf(template: string, placeholder: string, content: string): Part {
  if (content === 'topic') return (record) => record.topic
  const colon = content.indexOf(':')
  const kind = colon < 0 ? content : content.slice(0, colon)
  const argument = colon < 0 ? '' : content.slice(colon + 1)
  if (kind === 'timestamp' && argument !== '') return timestampPart(template, argument)
  if (kind === 'field' && argument !== '') return fieldText(argument, 'the name of the index')
  const expected = '${topic}, ${timestamp:<pattern>} or ${field:<path>}'
  throw invalid(template, `${placeholder} is none of ${expected}`)
}

function timestampPart(template: string, pattern: string): Part {
  const format = dateFormat(template, pattern)
  const unit = unitOf(pattern)
  let known = NaN
  let text = ''
  return ({ timestamp }) => {
    if (timestamp === null || timestamp < 0) {
      throw new ConnectError('HR_DATA_INVALID', 'The record has no timestamp for the name of the index')
    }
    if (timestamp > LATEST) {
      throw new ConnectError(
        'HR_DATA_INVALID',
        `The timestamp of the record, ${timestamp}, is not in milliseconds: there is no such date for the name of the index`,
      )
    }
    const period = Math.floor(timestamp / unit)
    if (period === known) return text
    text = format(new Date(timestamp))
    known = period
    return text
  }
}

function dateFormat(template: string, pattern: string): (date: Date) => string {
  try {
    const { format } = simpleDateFormat(pattern)
    format(new Date(0))
    return format
  } catch (error) {
    throw invalid(template, `'${pattern}' is no pattern of a date: ${messageOf(error)}`)
  }
}

/** The period in milliseconds within which the text of a timestamp does not change. */
function unitOf(pattern: string): number {
  const letters = pattern.replaceAll(/'[^']*'/g, '')
  if (letters.includes('S')) return 1
  if (letters.includes('s')) return 1000
  if (letters.includes('m')) return 60_000
  return /[HhKk]/.test(letters) ? 3_600_000 : 43_200_000
}

const invalid = (template: string, reason: string): ConnectError =>
  new ConnectError('HR_CONFIG_INVALID', `Invalid template '${template}' for names of indexes: ${reason}`)
