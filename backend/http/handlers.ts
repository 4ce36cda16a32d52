import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { RouteName, routes } from '../../contract/http'
import type { Identity, SessionIdentity } from './identity'

type Routes = typeof routes
type Parsed<Route, Part extends 'params' | 'query' | 'body'> = Route extends { readonly [Key in Part]: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : undefined
  : undefined

type Asker<Access> = Access extends readonly [] ? null : Access extends readonly ['session'] ? SessionIdentity : Identity

export type Call<Name extends RouteName> = {
  readonly params: Parsed<Routes[Name], 'params'>
  readonly query: Parsed<Routes[Name], 'query'>
  readonly body: Parsed<Routes[Name], 'body'>
  /** Who asks, already checked; null on routes that are open to anyone. */
  readonly who: Asker<Routes[Name]['access']>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type JsonAnswers<Answers> = {
  [Status in keyof Answers]: Answers[Status] extends z.ZodType
    ? { readonly status: Status; readonly body: z.input<Answers[Status]> }
    : never
}[keyof Answers]

/** A status with its JSON body, or nothing where the handler has sent the answer itself. */
export type Answer<Name extends RouteName> = JsonAnswers<Routes[Name]['answers']> | undefined

/** Complete over the contract: a forgotten route does not compile. */
export type Handlers = { readonly [Name in RouteName]: (call: Call<Name>) => Promise<Answer<Name>> }
