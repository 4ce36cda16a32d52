import { QueryClient } from '@tanstack/react-query'
import type { CommandInput, CommandName, CommandOutput } from '../../contract/desktop'
import { AppFailure } from './app-failure'
import { command } from '../desktop'

/** Refusals that a second try answers the same way. */
const finalCodes = new Set(['signed-out', 'proof-required', 'forbidden', 'not-found', 'invalid-input', 'account-disabled'])

/** What was fetched is kept here, never copied into a store. Queries raise `AppFailure`. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        refetchOnWindowFocus: false,
        staleTime: 30_000,
        retry: (count, error) => count < 2 && !(error instanceof AppFailure && finalCodes.has(error.failure.code)),
      },
    },
  })
}

/** A command as a query function: its value, or its failure raised. */
export async function ask<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>> {
  const reply = await command(name, input)
  if (!reply.ok) throw new AppFailure(reply.failure)
  return reply.value
}
