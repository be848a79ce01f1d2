import { isPlainObject } from '../../api/index.ts'
import { parseJson, printJson } from '../../java/index.ts'
import { CommandError, exitCodes, UsageError } from '../exit-codes.ts'
import { nameOf, readJson } from './input.ts'
import { json, printable, printableJson, table, type Output } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorPath } from './states.ts'
import { RefusedRequest, type WorkerApi } from './worker-api.ts'

interface PartitionOffset {
  readonly partition: Readonly<Record<string, unknown>>
  readonly offset: Readonly<Record<string, unknown>> | null
}

/** `headrace offsets <name> [get|set <file|->|reset]` */
export const offsets: ClientAction = async (api, command, out) => {
  const [name = '', verb = 'get', file] = command.args
  const path = `${connectorPath(name)}/offsets`
  if (verb === 'set') {
    if (file === undefined) throw new UsageError('offsets set: missing <file>')
    return say(out, command.json, await change(api, name, 'PATCH', path, await readOffsets(file)))
  }
  if (file !== undefined) throw new UsageError(`offsets ${verb}: unexpected argument ${file}`)
  if (verb === 'reset') return say(out, command.json, await change(api, name, 'DELETE', path))
  if (verb !== 'get') throw new UsageError(`offsets: ${verb}: expected get, set or reset`)
  const text = await api.requestText('GET', path)
  out.write(command.json ? printableJson(text) : offsetTable(text))
}

/** Integers keep all their digits, however large. */
function offsetTable(text: string): string {
  const { offsets: entries } = parseJson(text) as { readonly offsets: readonly PartitionOffset[] }
  if (entries.length === 0) return 'no offsets'
  const rows = entries.map(({ partition, offset }) => {
    const sink = partition['kafka_topic'] !== undefined && partition['kafka_partition'] !== undefined
    return sink
      ? [
          `${String(partition['kafka_topic'])}-${String(partition['kafka_partition'])}`,
          inWords(offset?.['kafka_offset']),
        ]
      : [printJson(partition), printJson(offset)]
  })
  return table(['PARTITION', 'OFFSET'], rows, false)
}

const inWords = (offset: unknown): string => (typeof offset === 'object' ? printJson(offset) : String(offset))

/** Returns the text for the request body; the parsed value may have lost digits of large numbers. */
async function readOffsets(file: string): Promise<string> {
  const { value, text } = await readJson(file)
  if (Array.isArray(value)) return `{"offsets":${text}}`
  if (isPlainObject(value) && Object.hasOwn(value, 'offsets')) return text
  throw new CommandError(
    `${nameOf(file)}: expected {"offsets": [{"partition": {…}, "offset": {…}}, …]} or the array alone`,
  )
}

async function change(
  api: WorkerApi,
  name: string,
  method: 'PATCH' | 'DELETE',
  path: string,
  body?: string,
): Promise<string> {
  try {
    const answer = (await api.request(method, path, body)) as { readonly message?: string } | undefined
    return answer?.message ?? ''
  } catch (error) {
    if (!(error instanceof RefusedRequest) || !error.message.includes('STOPPED state')) throw error
    const message = `${name} must be stopped before its offsets can be changed: headrace stop ${name} --wait`
    throw new CommandError(message, exitCodes.failed, { cause: error })
  }
}

function say(out: Output, asJson: boolean, message: string): void {
  out.write(asJson ? json({ message }) : printable(message))
}
