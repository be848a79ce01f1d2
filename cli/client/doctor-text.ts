import { styleText } from 'node:util'
import { printable } from './output.ts'

/** The response of the routes of the doctor. */
export interface Diagnosis {
  readonly name: string | null
  readonly worker_id: string
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly message: string
    readonly remedy: string | null
  }[]
}

const groups = [
  { severity: 'error', one: 'error', many: 'errors', style: 'red' },
  { severity: 'warning', one: 'warning', many: 'warnings', style: 'yellow' },
  { severity: 'info', one: 'note', many: 'notes', style: 'cyan' },
] as const

/** Formats the findings by severity, most severe first, each with its remedy. */
export function diagnosisText({ name, findings }: Diagnosis, coloured: boolean): string {
  const found = groups.flatMap((group) => {
    const members = findings.filter(({ severity }) => severity === group.severity)
    return members.length === 0 ? [] : [{ ...group, members }]
  })
  const counts = found.map(
    ({ one, many, members }) => `${members.length} ${members.length === 1 ? one : many}`,
  )
  return [
    `${printable(name ?? 'connector')}: ${found.length === 0 ? 'no findings' : counts.join(', ')}`,
    ...found.flatMap(({ many, style, members }) => [
      coloured ? styleText(style, many, { validateStream: false }) : many,
      ...members.flatMap(({ id, message, remedy }) => [
        `  ${printable(id)}: ${printable(message)}`,
        ...(remedy === null ? [] : [`    ${printable(remedy)}`]),
      ]),
    ]),
  ].join('\n')
}
