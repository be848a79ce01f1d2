import { text as readAll } from 'node:stream/consumers'
import { readFile } from 'node:fs/promises'
import { messageOf } from '../../api/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { json } from './output.ts'
import { previewText, type Preview } from './preview-text.ts'
import type { ClientAction } from './run.ts'
import { explain, readConnector } from './settings.ts'

const MAX_TIMEOUT_MS = 60_000

/** `headrace preview <file|-> [--records <file>] [--count <number>]` */
export const preview: ClientAction = async (api, command, out) => {
  const connector = await readConnector(command.args[0])
  const records = command.records === undefined ? undefined : await readRecords(command.records)
  // Put together as text: numbers of samples may be longer than JavaScript's
  const body = [
    `"config":${JSON.stringify({ name: connector.name, ...connector.config })}`,
    `"timeout_ms":${Math.min(command.timeoutMs, MAX_TIMEOUT_MS)}`,
    ...(records === undefined ? [] : [`"records":${records}`]),
    ...(command.count === undefined ? [] : [`"count":${command.count}`]),
  ].join()
  const answer = (await api
    .request('POST', '/headrace/preview', `{${body}}`)
    .catch((error: unknown) => explain(api, connector, error))) as Preview
  out.write(command.json ? json(answer) : previewText(answer, out.terminal))
  return answer.records.some(({ outcome }) => outcome === 'failed') ? exitCodes.failed : exitCodes.done
}

/** The text of a list of samples; one alone becomes a list. */
async function readRecords(file: string): Promise<string> {
  const name = file === '-' ? 'standard input' : file
  try {
    const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8')
    return Array.isArray(JSON.parse(text)) ? text : `[${text}]`
  } catch (cause) {
    throw new CommandError(`${name}: expected JSON, a list of records: ${messageOf(cause)}`, undefined, {
      cause,
    })
  }
}
