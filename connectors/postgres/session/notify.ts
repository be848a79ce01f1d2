import type { SourceRecord } from '../../../api/index.ts'
import { notificationRecord, type Notification } from '../events/notifications.ts'
import { sanitizedTopic } from '../events/topic-names.ts'
import { notifyChannels } from '../signals/notifications.ts'
import type { SessionParts } from './scope.ts'

export type Notify = (notification: Notification) => void

/**
 * Returns a function that sends notifications to the channels of `notification.enabled.channels`. While a stream runs, the
 * records of the channel `sink` follow those of the stream and carry its offset. Before, they carry none: the offset of a
 * snapshot depends on the order of its own records.
 */
export function notifier(parts: SessionParts): Notify {
  const { config, passed, emit, log } = parts
  const channels = new Set((config['notification.enabled.channels'] ?? []).map((name) => name.trim()))
  const topic = sanitizedTopic(config['notification.sink.topic.name'] ?? '')
  const partition = { server: config['topic.prefix'] }
  const sink = (notification: Notification) => {
    const { phase } = passed
    const offset = phase?.output.offset
    const record = notificationRecord(notification, topic, partition, offset ?? {})
    if (phase !== undefined && offset !== undefined) phase.output.add([record])
    else void emit([withoutOffset(record)], RECORD_BYTES)?.catch(() => {}) // the task has ended
  }
  return notifyChannels({
    sink: channels.has('sink') ? sink : undefined,
    log: channels.has('log') ? log : undefined,
  })
}

const RECORD_BYTES = 1000

const withoutOffset = (record: SourceRecord): SourceRecord => ({
  ...record,
  sourcePartition: null,
  sourceOffset: null,
})
