import { CommandError, exitCodes } from '../exit-codes.ts'
import type { ClientAction } from './action.ts'
import { clusterText, type Cluster } from './cluster-text.ts'
import { json } from './output.ts'
import { isMissingRoute, type WorkerApi } from './worker-api.ts'

/** `headrace cluster` */
export const cluster: ClientAction = async (api, command, out) => {
  const answer = await readCluster(api)
  out.write(command.json ? json(answer) : clusterText(answer, Date.now(), out.terminal))
}

async function readCluster(api: WorkerApi): Promise<Cluster> {
  try {
    return (await api.request('GET', '/headrace/cluster')) as Cluster
  } catch (error) {
    if (!isMissingRoute(error)) throw error
    const message = `${api.url} is not a Headrace worker; cluster needs one of the group: set its address with --url or HEADRACE_URL`
    throw new CommandError(message, exitCodes.failed, { cause: error })
  }
}
