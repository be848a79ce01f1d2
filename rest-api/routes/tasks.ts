import { Type } from 'typebox'
import { inTime } from '../../runtime/index.ts'
import { taskBody, taskInfoBody } from '../answers.ts'
import type { Routes } from '../api.ts'
import { TaskInfos, TaskState } from '../schemas/connector.ts'
import { connectorParams, taskNumber, taskParams } from '../schemas/parameters.ts'

export const taskRoutes: Routes = (api, { herder, mask }) => {
  api.get(
    '/connectors/:connector/tasks',
    {
      schema: {
        summary: 'List the tasks of a connector with their settings',
        operationId: 'listTasks',
        params: connectorParams,
        response: { 200: TaskInfos },
      },
    },
    async ({ params: { connector } }) => {
      const tasks = await inTime(herder, herder.tasks(connector))
      const config = await herder.config(connector)
      const shown = await Promise.all(tasks.map((task) => mask.shownInTask(task, config)))
      return shown.map(taskInfoBody)
    },
  )

  api.get(
    '/connectors/:connector/tasks/:task/status',
    {
      schema: {
        summary: 'Get the state of a task',
        operationId: 'getTaskStatus',
        params: taskParams,
        response: { 200: TaskState },
      },
    },
    ({ params: { connector, task } }) => taskBody(herder.taskStatus({ connector, task: taskNumber(task) })),
  )

  api.post(
    '/connectors/:connector/tasks/:task/restart',
    {
      schema: {
        summary: 'Restart a task',
        operationId: 'restartTask',
        params: taskParams,
        response: { 204: Type.Void() },
      },
    },
    async ({ params: { connector, task } }, reply) => {
      await inTime(herder, herder.restartTask({ connector, task: taskNumber(task) }))
      return reply.code(204).send()
    },
  )
}
