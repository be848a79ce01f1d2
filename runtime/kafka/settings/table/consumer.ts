import { defineClientTable, inapplicable, unsupported } from './client-setting.ts'
import { partlySharedTable, sharedTable } from './shared.ts'

/** Settings specific to consumers, besides those of fetching and groups. Source: ConsumerConfig. */
export const consumerTable = defineClientTable({
  'client.id': { ...sharedTable['client.id'], importance: 'low' },
  'interceptor.classes': partlySharedTable['interceptor.classes'],
  'default.api.timeout.ms': partlySharedTable['default.api.timeout.ms'],
  'group.instance.id': unsupported(
    'string',
    null,
    'medium',
    'Name of a member that keeps its partitions while it is restarted.',
  ),
  'group.remote.assignor': unsupported(
    'string',
    null,
    'medium',
    'Assignor of the broker, for the protocol consumer.',
  ),
  'enable.auto.commit': unsupported(
    'boolean',
    true,
    'medium',
    'Whether offsets are committed by themselves; tasks commit theirs.',
  ),
  'auto.commit.interval.ms': unsupported(
    'int',
    5000,
    'low',
    'Time between commits where offsets are committed automatically, in milliseconds.',
  ),
  'client.rack': unsupported(
    'string',
    '',
    'low',
    'Where the client is: replicas in the same place are read from.',
  ),
  'exclude.internal.topics': unsupported(
    'boolean',
    true,
    'medium',
    'Whether a pattern of topics leaves out topics of Kafka itself.',
  ),
  'share.acknowledgement.mode': unsupported(
    'string',
    'implicit',
    'medium',
    'For share groups: how records are acknowledged.',
  ),
  'share.acquire.mode': unsupported(
    'string',
    'BATCH_OPTIMIZED',
    'medium',
    'For share groups: how records are acquired.',
  ),
  'key.deserializer': inapplicable('class', undefined, 'high', 'Class that reads keys; a task reads bytes.'),
  'value.deserializer': inapplicable(
    'class',
    undefined,
    'high',
    'Class that reads values; a task reads bytes.',
  ),
})
