import { errorCodes } from '../../api/index.ts'
import { code, page, table } from './markdown.ts'

export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([name, { doc, retriable, http, javaClass }]) => [
    code(name),
    doc,
    retriable ? 'yes' : 'no',
    String(http),
    code(javaClass),
  ])
  return page(
    'Error codes',
    `Every error that Headrace throws deliberately is a \`ConnectError\` with one of these codes. The message names the value
found and the expected value; \`configKey\` is the invalid setting. Retriable errors of \`poll\`, \`put\`, converters and
transforms are retried, in converters and transforms for up to \`errors.retry.timeout\`. The Java class is the one that
Kafka Connect reports for the same failure in the traces of failed tasks and the headers of dead letters.`,
    table(['Code', 'Meaning', 'Retriable', 'HTTP status', 'Java class'], rows),
  )
}
