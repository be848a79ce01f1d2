import { Type } from 'typebox'

const Fields = Type.Record(Type.String(), Type.Unknown())

const PartitionOffset = Type.Object(
  {
    partition: Type.Optional(
      Type.Union([Fields, Type.Null()], {
        description: 'For a source: defined by the connector. For a sink: kafka_topic and kafka_partition',
      }),
    ),
    offset: Type.Optional(
      Type.Union([Fields, Type.Null()], {
        description: 'For a source: defined by the connector. For a sink: kafka_offset. null resets it',
      }),
    ),
  },
  { additionalProperties: false },
)

export const ConnectorOffsets = Type.Object(
  { offsets: Type.Optional(Type.Union([Type.Array(PartitionOffset), Type.Null()])) },
  { additionalProperties: false },
)

export const Message = Type.Object({ message: Type.String() })
