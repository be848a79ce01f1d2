import { CommandError, exitCodes } from '../exit-codes.ts'
import { readConnector, readJson } from './input.ts'
import { json } from './output.ts'
import { previewText, type Preview } from './preview-text.ts'
import type { ClientAction } from './action.ts'
import { explain, warnOfSettings } from './validation.ts'
import { isMissingRoute, type WorkerApi } from './worker-api.ts'

/** Without a response for this long, the command prints what it is waiting for. */
const NOTE_AFTER_MS = 1500

/** `headrace preview <file|-> [--records <file>] [--count <number>] [--timeout <seconds>]` */
export const preview: ClientAction = async (api, command, out) => {
  const connector = await readConnector(command.args[0])
  const records = command.records === undefined ? undefined : await readRecords(command.records)
  const { timeoutMs, count } = command
  // Assembled as text: parsing the samples could lose digits of large numbers
  const body = [
    `"config":${JSON.stringify({ name: connector.name, ...connector.config })}`,
    ...(timeoutMs === undefined ? [] : [`"timeout_ms":${timeoutMs}`]),
    ...(records === undefined ? [] : [`"records":${records}`]),
    ...(count === undefined ? [] : [`"count":${count}`]),
  ].join()
  const answer = (await ask(api, `{${body}}`, records === undefined).catch((error: unknown) =>
    explain(api, connector, error, exitCodes.failed),
  )) as Preview
  out.write(command.json ? json(answer) : previewText(answer, out.terminal))
  await warnOfSettings(api, connector)
  return answer.records.some(({ outcome }) => outcome === 'failed') ? exitCodes.failed : exitCodes.done
}

async function ask(api: WorkerApi, body: string, reads: boolean): Promise<unknown> {
  const note = 'waiting for records; set a limit with --timeout, or pass samples with --records\n'
  const timer = setTimeout(() => reads && process.stderr.write(note), NOTE_AFTER_MS)
  try {
    return await api.request('POST', '/headrace/preview', body)
  } catch (error) {
    if (!isMissingRoute(error)) throw error
    throw new CommandError(
      `${api.url} is not a Headrace worker; preview needs one, of any group: set its address with --url or HEADRACE_URL`,
      exitCodes.failed,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
}

/** Returns the text of the array of samples; a single sample becomes an array. */
async function readRecords(file: string): Promise<string> {
  const { value, text } = await readJson(file)
  return Array.isArray(value) ? text : `[${text}]`
}
