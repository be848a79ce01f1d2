import { Type } from 'typebox'
import { inTime, settingWarnings } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { Settings } from '../schemas/settings.ts'
import { DescribedValidation } from '../schemas/plugin.ts'

const Warnings = Type.Object({
  warnings: Type.Array(Type.Object({ name: Type.String(), message: Type.String() }), {
    description:
      'Unknown settings, with suggestions, settings without effect, deprecated settings, and a name that the API cannot address',
  }),
})

/** Validation with warnings about unknown settings. Kafka Connect has no such route. */
export const validateRoutes: Routes = (api, { herder, mask }) => {
  api.put(
    '/headrace/validate',
    {
      schema: {
        summary: 'Validate the settings of a connector, with warnings',
        operationId: 'validateWithWarnings',
        body: Settings,
        response: { 200: Type.Intersect([DescribedValidation, Warnings]) },
      },
    },
    async ({ body }) => {
      const props = await mask.restored(body['name'] ?? '', body)
      const infos = await inTime(herder, herder.validate(props))
      const isSink = infos.configs.some(({ definition }) => definition?.name === 'topics.regex')
      return { ...infos, warnings: settingWarnings(isSink ? 'sink' : 'source', props, infos) }
    },
  )
}
