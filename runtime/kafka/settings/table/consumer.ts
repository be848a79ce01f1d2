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
    'ID of a static group member, which keeps its partitions during a restart.',
  ),
  'group.remote.assignor': unsupported(
    'string',
    null,
    'medium',
    'Server-side assignor, for the group protocol consumer.',
  ),
  'enable.auto.commit': unsupported(
    'boolean',
    true,
    'medium',
    'Whether to commit offsets periodically; tasks commit their own offsets.',
  ),
  'auto.commit.interval.ms': unsupported(
    'int',
    5000,
    'low',
    'Interval between automatic offset commits, in milliseconds.',
  ),
  'client.rack': unsupported(
    'string',
    '',
    'low',
    'Rack of the client, used to read from the closest replica.',
  ),
  'exclude.internal.topics': unsupported(
    'boolean',
    true,
    'medium',
    'Whether topic patterns exclude the internal topics of Kafka.',
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
  'key.deserializer': inapplicable(
    'class',
    undefined,
    'high',
    'Deserializer class for keys; tasks read bytes.',
  ),
  'value.deserializer': inapplicable(
    'class',
    undefined,
    'high',
    'Deserializer class for values; tasks read bytes.',
  ),
})
