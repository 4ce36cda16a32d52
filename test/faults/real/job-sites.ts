import { cpSync, rmSync } from 'node:fs'
import { type BackendProcess, startBackendProcess } from '../../support/backend-process'
import { type JobKindStruck, type Prepared, runJob, type Strike } from '../../support/struck-jobs'
import { findSites, type Site, strike } from './strace'

/** One thread for files, so that the n-th call of a thread is the n-th of its kind; and no ffmpeg, which would take its time. */
export const quietly = { env: { UV_THREADPOOL_SIZE: '1', PATH: '' } }

export function pidOf({ child }: BackendProcess): number {
  if (child.pid === undefined) throw new Error('the backend has no process')
  return child.pid
}

/** Every call of a job from its request to its end, by the threads that are there and those that it begins. */
export async function findJobSites({ dataFolder: from, ...prepared }: Prepared, kind: JobKindStruck): Promise<Site[]> {
  const dataFolder = `${from}-${kind}-sites`
  cpSync(from, dataFolder, { recursive: true })
  try {
    await using backend = await startBackendProcess(dataFolder, [], quietly)
    return await findSites(pidOf(backend), () => runJob(backend, prepared, kind), { isWithNewThreads: true })
  } finally {
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

/** A backend that dies in a call of the system. */
export function strikeAtCall(site: Site): Strike {
  return async (dataFolder) => {
    const backend = await startBackendProcess(dataFolder, [], quietly)
    const struck = await strike(pidOf(backend), site, 'SIGKILL', { isWithNewThreads: true })
    const end = async (): Promise<void> => {
      await struck[Symbol.asyncDispose]()
      await backend[Symbol.asyncDispose]()
    }
    return { ...backend, [Symbol.asyncDispose]: end }
  }
}
