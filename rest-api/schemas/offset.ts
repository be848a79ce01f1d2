import { Type } from 'typebox'

const Fields = Type.Record(Type.String(), Type.Unknown())

const PartitionOffset = Type.Object(
  {
    partition: Type.Optional(
      Type.Union([Fields, Type.Null()], {
        description: 'Of a source: as the connector names it. Of a sink: kafka_topic and kafka_partition',
      }),
    ),
    offset: Type.Optional(
      Type.Union([Fields, Type.Null()], {
        description: 'Of a source: as the connector writes it. Of a sink: kafka_offset. null takes it away',
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
