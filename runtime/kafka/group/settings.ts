import { ConnectError, type Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { groupConfig } from '../settings/table/index.ts'
import { assignorOf, type Assignor } from './assignors.ts'
import type { GroupSettings } from './ports.ts'

export interface ConsumerGroupSettings extends GroupSettings {
  readonly assignors: readonly Assignor[]
  readonly createsTopics: boolean
}

/**
 * Reads the settings of a sink's consumer group. Throws `HR_CONFIG_INVALID`.
 *
 * Differs: `group.protocol=consumer` (KIP-848) is rejected.
 */
export function consumerGroupSettings(props: Props): ConsumerGroupSettings {
  const config = parseConfig(groupConfig, props)
  if (config['group.protocol'].toLowerCase() !== 'classic') {
    const message = `group.protocol is ${config['group.protocol']}; Headrace supports only classic. Remove the setting.`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'group.protocol' })
  }
  return {
    groupId: config['group.id'],
    sessionTimeoutMs: config['session.timeout.ms'],
    rebalanceTimeoutMs: config['max.poll.interval.ms'],
    heartbeatIntervalMs: config['heartbeat.interval.ms'],
    assignors: config['partition.assignment.strategy'].map(assignorOf),
    createsTopics: config['allow.auto.create.topics'],
  }
}
