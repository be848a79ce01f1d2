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
    `Every error that Headrace throws on purpose is a \`ConnectError\` with one of these codes. The message names what was
found and what was expected; \`configKey\` names the setting at fault. A retriable error is tried again by who can:
a task's \`poll\` and \`put\`, converters and transforms within \`errors.retry.timeout\`. The class is the one that
Kafka Connect reports for the same failure: traces of failed tasks and headers of dead letters begin with it.`,
    table(['Code', 'Meaning', 'Retriable', 'HTTP status', 'Java class'], rows),
  )
}
