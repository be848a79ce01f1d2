import { stat } from 'node:fs/promises'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { ClientAction } from './action.ts'
import { diagnosisText, type Diagnosis } from './doctor-text.ts'
import { readConnector } from './input.ts'
import { json } from './output.ts'
import { connectorPath } from './states.ts'
import { isMissingRoute, RefusedRequest, type WorkerApi } from './worker-api.ts'

/** `headrace doctor <file|name>…` */
export const doctor: ClientAction = async (api, command, out) => {
  const diagnoses: Diagnosis[] = []
  for (const subject of command.args) diagnoses.push(await diagnosisOf(api, subject))
  out.write(
    command.json
      ? json(diagnoses)
      : diagnoses.map((diagnosis) => diagnosisText(diagnosis, out.terminal)).join('\n\n'),
  )
  const failed = diagnoses.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
  return failed ? exitCodes.errorsFound : exitCodes.done
}

async function diagnosisOf(api: WorkerApi, subject: string): Promise<Diagnosis> {
  const inFile = subject === '-' || (await isFile(subject))
  try {
    if (!inFile) return (await api.request('GET', `/headrace${connectorPath(subject)}/doctor`)) as Diagnosis
    const { name, config } = await readConnector(subject)
    return (await api.request('PUT', '/headrace/doctor', { name, ...config })) as Diagnosis
  } catch (error) {
    if (isMissingRoute(error)) {
      const message = `${api.url} is not a Headrace worker; doctor needs one, of any group: set its address with --url or HEADRACE_URL`
      throw new CommandError(message, exitCodes.failed, { cause: error })
    }
    if (inFile || !(error instanceof RefusedRequest) || error.status !== 404) throw error
    const message = `${subject}: there is neither a file nor a connector with this name`
    throw new CommandError(message, exitCodes.failed, { cause: error })
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => !stats.isDirectory(),
    () => false,
  )
