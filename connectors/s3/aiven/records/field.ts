/** What is written of a record. */
export type OutputField = 'key' | 'value' | 'offset' | 'timestamp' | 'headers'

/** The settings of the contents of objects. */
export interface OutputSettings {
  readonly fields: readonly OutputField[]
  /** Whether a single field is an object with this field. */
  readonly envelope: boolean
}
