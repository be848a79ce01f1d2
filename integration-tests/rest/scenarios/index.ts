import { configScenarios } from './config.ts'
import { createScenarios } from './create.ts'
import { dataScenarios } from './data.ts'
import { headersScenarios } from './headers.ts'
import { internalScenarios } from './internal.ts'
import { lifecycleScenarios } from './lifecycle.ts'
import { loggersScenarios } from './loggers.ts'
import { namesScenarios } from './names.ts'
import { offsetsScenarios } from './offsets.ts'
import { pluginsScenarios } from './plugins.ts'
import { rootScenarios } from './root.ts'
import { topicsScenarios } from './topics.ts'
import { validateScenarios } from './validate.ts'
import type { Scenario } from '../conformance/scenario.ts'

/** All scenarios, starting with those of single requests. */
export const scenarios: readonly Scenario[] = [
  ...rootScenarios,
  ...pluginsScenarios,
  ...validateScenarios,
  ...createScenarios,
  ...configScenarios,
  ...lifecycleScenarios,
  ...offsetsScenarios,
  ...topicsScenarios,
  ...loggersScenarios,
  ...namesScenarios,
  ...dataScenarios,
  ...headersScenarios,
  ...internalScenarios,
]
