import { exitCodes, UsageError, type ExitCode } from '../exit-codes.ts'
import type { ClientCommand } from '../arguments.ts'
import type { ClientCommandName } from '../commands.ts'
import type { ClientAction } from './action.ts'
import { workerAddress } from './address.ts'
import { cluster } from './cluster.ts'
import { doctor } from './doctor.ts'
import { health } from './health.ts'
import { changeState, restart } from './lifecycle.ts'
import { connectors, plugins, status } from './lists.ts'
import { loggers } from './loggers.ts'
import { offsets } from './offsets.ts'
import { printable, standardOutput } from './output.ts'
import { patch } from './patch.ts'
import { preview } from './preview.ts'
import { create, showConfig, validate } from './settings.ts'
import { sendTrusting } from './tls.ts'
import { topics } from './topics.ts'
import { openWorkerApi } from './worker-api.ts'

const actions: Readonly<Record<ClientCommandName, ClientAction>> = {
  connectors,
  cluster,
  status,
  config: showConfig,
  create,
  validate,
  preview,
  doctor,
  pause: changeState,
  resume: changeState,
  stop: changeState,
  delete: changeState,
  restart,
  offsets,
  patch,
  topics,
  loggers,
  plugins,
  health,
}

const onRetry = (reason: string) => void process.stderr.write(`waiting: ${printable(reason)}\n`)

/** A probe reports the current state, and `--watch` polls by itself: neither retries a request. */
const retries = ({ name, watch }: ClientCommand): boolean => !watch && name !== 'health'

/** Runs a command against a worker; resolves to its exit code. Throws a CommandError on failure. */
export async function runClient(command: ClientCommand): Promise<ExitCode> {
  const address = workerAddress(command, process.env)
  const caFile = command.cacert ?? process.env['HEADRACE_CACERT'] ?? ''
  const https = address.url.startsWith('https:')
  if (command.cacert !== undefined && !https) throw new UsageError('--cacert requires an https:// address')
  const trusting = https && caFile !== '' ? { send: await sendTrusting(caFile) } : {}
  const api = openWorkerApi(address, { retry: retries(command), onRetry, ...trusting })
  return (await actions[command.name](api, command, standardOutput)) ?? exitCodes.done
}
