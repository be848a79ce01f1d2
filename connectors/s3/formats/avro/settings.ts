/** The settings of Confluent's AvroData that the S3 connectors have. */
export interface AvroDataSettings {
  /** `enhanced.avro.schema.support`: enums stay enums, and the members of unions have names with their namespaces. */
  readonly enhancedSchemaSupport: boolean
  /** `connect.meta.data`: names, versions, docs, parameters and defaults of Connect schemas are kept as properties. */
  readonly connectMetaData: boolean
  /** `allow.optional.map.keys`: maps whose string keys are optional are Avro maps. */
  readonly allowOptionalMapKeys: boolean
}

/** The defaults of Confluent's S3 connectors. */
export const defaultAvroData: AvroDataSettings = {
  enhancedSchemaSupport: true,
  connectMetaData: true,
  allowOptionalMapKeys: false,
}
