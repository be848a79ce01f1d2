import type { Herder, HerderCommands, HerderQueries } from '../herder.ts'
import { deleteWithOffsets } from './deletion.ts'
import type { HerderCore } from './herder-core.ts'

/** Creates a herder from its commands and the parts that all herders have in common. */
export function composeHerder(core: HerderCore, commands: HerderCommands): Herder {
  const herder = Object.assign(commands, queriesOf(core))
  return Object.assign(herder, { deleteWithOffsets: (name: string) => deleteWithOffsets(herder, name) })
}

function queriesOf(core: HerderCore): HerderQueries {
  const { views, worker, connectorOffsets, changed } = core
  const { kafkaClusterId, workerId, url, catalog, runtime, logLevels } = core.parts
  return {
    kafkaClusterId,
    workerId,
    url,
    logLevels,
    connectors: () => views.connectors(),
    info: async (name) => views.info(name),
    config: async (name) => views.config(name),
    status: (name) => views.status(name),
    tasks: async (name) => views.tasks(name),
    taskStatus: (id) => views.taskStatus(id),
    targetState: (name) => views.targetState(name),
    blockedConnectors: () => worker.blockedConnectors(),
    snapshots: () => worker.snapshots(),
    until: (condition, timeoutMs, signal) => changed.waitFor(condition, timeoutMs, signal),
    topics: (name) => views.topics(name),
    resetTopics: (name) => views.resetTopics(name),
    offsets: (name) => connectorOffsets.read(name),
    plugins: async () => catalog.list(),
    pluginConfig: (name, version) => runtime.pluginConfig(name, version),
    validate: (props) => runtime.validate(props),
    preview: async (request) => {
      await runtime.requireValid(request.config)
      return runtime.preview(request)
    },
    diagnose: (config) => runtime.diagnose({ config, exists: core.hasConnector(config['name'] ?? '') }),
    passwordKeys: (props) => runtime.passwordKeys(props),
    setLogLevel: (namespace, level) => core.setLogLevel(namespace, level),
  }
}
