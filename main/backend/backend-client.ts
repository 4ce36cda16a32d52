import axios, { type AxiosResponse } from 'axios'
import type { z } from 'zod'
import { AppError } from '../../contract/failures'
import { routes, type RouteName } from '../../contract/http'
import { isCertificateDate, isForeignAnswer } from './line-fault'
import { failureOfProblem, parseProblem } from './problem-failure'

type Routes = typeof routes
type BodyOf<Name extends RouteName> = Routes[Name] extends { body: infer Body extends z.ZodType } ? z.input<Body> : undefined
type QueryOf<Name extends RouteName> = Routes[Name] extends { query: infer Query extends z.ZodType }
  ? z.input<Query>
  : undefined
type AnswersOf<Name extends RouteName> = Routes[Name]['answers']
export type AnswerOf<Name extends RouteName> = {
  [Status in keyof AnswersOf<Name>]: AnswersOf<Name>[Status] extends z.ZodType ? z.infer<AnswersOf<Name>[Status]> : never
}[keyof AnswersOf<Name>]

export type CallOptions<Name extends RouteName> = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: QueryOf<Name>
  readonly body?: BodyOf<Name>
  readonly token?: string
  /** In place of the session's: for the one operation that it was made for. */
  readonly tempToken?: string
  readonly signal?: AbortSignal
}

export type BackendClient = {
  /**
   * One JSON call. Raises `AppError`: `backend-unreachable` where nothing answered, else what the problem document says.
   */
  call<Name extends RouteName>(name: Name, options?: CallOptions<Name>): Promise<AnswerOf<Name>>
}

const longestAnswerBytes = 4 * 1024 * 1024

function pathOf(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
}

/**
 * The one HTTP client of the app for JSON: a fixed origin, no redirects, no proxy, bounded answers, so that a token can go
 * nowhere else (`security.md` D36 and "Deviations").
 */
export function createBackendClient(origin: () => string | null): BackendClient {
  const http = axios.create({
    adapter: 'http',
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    proxy: false,
    maxContentLength: longestAnswerBytes,
    maxBodyLength: longestAnswerBytes,
    timeout: 15_000,
    responseType: 'json',
    validateStatus: () => true,
  })

  return {
    call: async (name, { params = {}, query, body, token, tempToken, signal } = {}) => {
      const baseURL = origin()
      if (baseURL === null) throw new AppError({ code: 'backend-unreachable' })
      const route = routes[name]
      let response: AxiosResponse<unknown>
      try {
        response = await http.request<unknown>({
          baseURL,
          url: pathOf(route.path, params),
          method: route.method,
          ...(query === undefined ? {} : { params: query }),
          ...(body === undefined ? {} : { data: body }),
          ...(signal === undefined ? {} : { signal }),
          headers: {
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(tempToken === undefined ? {} : { 'X-Temp-Token': tempToken }),
            // axios calls a body that is not there a form, which the backend takes no more than any other form.
            ...(body === undefined ? { 'Content-Type': false } : {}),
          },
        })
      } catch (error) {
        if (axios.isCancel(error)) throw error
        // The axios error holds the request with its headers: only its words go on as the cause.
        const words = error instanceof Error ? error.message : String(error)
        const code = isCertificateDate(error) ? 'wrong-clock' : 'backend-unreachable'
        throw new AppError({ code }, { cause: new Error(words) })
      }
      const answers: Readonly<Record<number, z.ZodType>> = route.answers
      const schema = answers[response.status]
      const problem = parseProblem(response.data)
      const isDocument = String(response.headers['content-type'] ?? '').includes('json')
      const isOurs = problem !== null || (response.status < 300 && (response.status === 204 || isDocument))
      if (isForeignAnswer({ status: response.status, isOurs })) {
        throw new AppError({ code: 'captive-portal' }, { cause: new Error(`${name}: ${response.status} of somebody else`) })
      }
      if (schema !== undefined && response.status < 400) {
        // A 204 has no body: axios says '' where the schema says null. Safe: the schema at this status is AnswerOf<Name>.
        return schema.parse(response.status === 204 ? null : response.data) as never
      }
      if (problem === null) {
        throw new AppError(
          { code: 'server-busy' },
          { cause: new Error(`${name}: ${response.status} without a problem document`) },
        )
      }
      const retryAfterSeconds = Number(response.headers['retry-after'] ?? 30)
      throw new AppError(
        failureOfProblem(problem, { retryAfterSeconds: Number.isInteger(retryAfterSeconds) ? retryAfterSeconds : 30 }),
      )
    },
  }
}
