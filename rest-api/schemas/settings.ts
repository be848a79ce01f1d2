import { Type } from 'typebox'

/** A connector's or task's settings: texts by key. */
export const Settings = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
  description: 'Settings by key. Numbers and booleans are taken as the text they are written with.',
})
