import { Type } from 'typebox'

/** Settings of a connector or task. */
export const Settings = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
  description: 'Settings by key. Numbers and booleans are converted to strings as written.',
})
