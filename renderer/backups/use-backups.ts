import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { BackupsAnswer } from '../../contract/backups'
import type { JobStatus } from '../../contract/jobs'
import { ask } from '../state/queries'

/** What is being made is looked at again and again; the rest when the backend says that something has changed. */
const busyMs = 1_000

export const useBackups = (): UseQueryResult<BackupsAnswer> =>
  useQuery({
    queryKey: ['backups', 'list'],
    queryFn: () => ask('backups:list', undefined),
    refetchInterval: ({ state }) => (state.data?.backups.some(({ job }) => job !== null) === true ? busyMs : false),
  })

/** Every restore that the backend remembers, newest first. */
export const useRestores = (): UseQueryResult<JobStatus[]> =>
  useQuery({ queryKey: ['backups', 'restores'], queryFn: () => ask('restores:list', undefined) })
