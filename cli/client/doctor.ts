import { stat } from 'node:fs/promises'
import { nameFault } from '../../config/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { ClientAction } from './action.ts'
import { forEach, throwFailures } from './each.ts'
import { diagnosisText, type Diagnosis } from './doctor-text.ts'
import { readConnector } from './input.ts'
import { json } from './output.ts'
import { connectorPath } from './states.ts'
import { isMissingRoute, RefusedRequest, type WorkerApi } from './worker-api.ts'

/** `headrace doctor <file|name>…`: prints the other diagnoses too if one fails. */
export const doctor: ClientAction = async (api, command, out) => {
  const { done, failed: unknown } = await forEach(command.args, (subject) => diagnosisOf(api, subject))
  const diagnoses = done.map(({ result }) => result)
  if (diagnoses.length > 0) {
    const texts = diagnoses.map((diagnosis) => diagnosisText(diagnosis, out.terminal))
    out.write(command.json ? json(diagnoses) : texts.join('\n\n'))
  }
  throwFailures(unknown)
  const failed = diagnoses.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
  return failed ? exitCodes.errorsFound : exitCodes.done
}

async function diagnosisOf(api: WorkerApi, subject: string): Promise<Diagnosis> {
  const inFile = subject === '-' || (await isFile(subject))
  if (!inFile && nameFault(subject) !== undefined) throw neither(subject)
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
    throw neither(subject, error)
  }
}

const neither = (subject: string, cause?: unknown): CommandError =>
  new CommandError(
    `${subject === '' ? "''" : subject}: there is neither a file nor a connector with this name`,
    exitCodes.failed,
    { cause },
  )

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => !stats.isDirectory(),
    () => false,
  )
