import { isConnectError, messageOf, version } from '../../api/index.ts'
import { inTime } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { ServerInfo, WorkerHealth } from '../schemas/worker.ts'

const HEALTH_TIMEOUT_MS = 10_000
/** Packages do not record the commit they are built from. */
const COMMIT = 'Unknown'

const healthTexts = {
  healthy: [200, 'Worker has completed startup and is ready to handle requests.'],
  starting: [503, 'Worker is still starting up.'],
  unhealthy: [500, 'Worker was unable to handle this request and may be unable to handle other requests.'],
} as const

export const workerRoutes: Routes = (api, { herder }) => {
  api.get(
    '/',
    {
      schema: {
        summary: 'Get the version of the worker and the Kafka cluster ID',
        operationId: 'getServerInfo',
        response: { 200: ServerInfo },
      },
    },
    () => ({
      version,
      commit: COMMIT,
      kafka_cluster_id: herder.kafkaClusterId,
    }),
  )

  const response = { 200: WorkerHealth, 500: WorkerHealth, 503: WorkerHealth }
  api.get(
    '/health',
    { schema: { summary: 'Check the health of the worker', operationId: 'getHealth', response } },
    async (_request, reply) => {
      const { status, reason } = await healthOf()
      const [code, text] = healthTexts[status]
      const message = status === 'healthy' ? text : [text, herder.stage, ...reason].join(' ')
      return reply.code(code).send({ status, message })
    },
  )

  /**
   * `reason` is a sentence if the herder itself reports why the worker is unhealthy.
   *
   * Differs: Java's message has only the stage, after ten seconds.
   */
  async function healthOf(): Promise<{ status: keyof typeof healthTexts; reason: readonly string[] }> {
    let reason: readonly string[] = []
    const healthy = herder.healthy().catch((error: unknown) => {
      reason = [`Reason: ${messageOf(error)}.`]
      throw error
    })
    try {
      await inTime(herder, healthy, HEALTH_TIMEOUT_MS)
      return { status: 'healthy', reason }
    } catch (error) {
      if (!isConnectError(error) || error.code !== 'HR_REQUEST_TIMEOUT') throw error
      return { status: herder.ready ? 'unhealthy' : 'starting', reason }
    }
  }
}
