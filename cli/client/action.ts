import type { ClientCommand } from '../arguments.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { Output } from './output.ts'
import type { WorkerApi } from './worker-api.ts'

/** Runs a command; resolves to its exit code, or to undefined for `done`. */
export type ClientAction = (api: WorkerApi, command: ClientCommand, out: Output) => Promise<ExitCode | void>
