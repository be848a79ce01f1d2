import { changedRecord, defineConfig, version, type Transform } from '../../api/index.ts'
import { compileJavaRegex, validRegex } from '../../java/index.ts'
import { transformName } from '../catalog.ts'
import { invalid } from '../structs.ts'

const KEPT_TOPICS = 1000

const config = defineConfig({
  regex: {
    type: 'string',
    validate: validRegex,
    importance: 'high',
    examples: ['shop\\.(.*)', '(?<env>[a-z]+)-(.*)'],
    doc: 'Java regular expression that must match the entire topic name.',
  },
  replacement: {
    type: 'string',
    importance: 'high',
    examples: ['orders-$1', '${env}.orders'],
    doc: 'New topic name. $1 and ${name} refer to capturing groups.',
  },
})

/** Changes the topic of records with a regular expression. Source: RegexRouter. */
export const regexRouter: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('RegexRouter'),
  version,
  config,
  create({ regex: pattern, replacement }) {
    const compiled = compileJavaRegex(pattern)
    const routes = new Map<string, string>()
    const routeOf = (topic: string): string => {
      let route = routes.get(topic)
      if (route === undefined) {
        route = compiled.matches(topic) ? compiled.replaceFirst(topic, replacement) : topic
        if (routes.size >= KEPT_TOPICS) routes.clear()
        routes.set(topic, route)
      }
      return route
    }
    return {
      apply: (record) => {
        const { topic: old }: { readonly topic: string | null } = record
        if (old === null) throw invalid('A record without a topic cannot be routed')
        const topic = routeOf(old)
        return topic === old ? record : changedRecord(record, { topic })
      },
    }
  },
}
