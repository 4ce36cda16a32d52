import { fork } from 'node:child_process'
import { fewArenas } from '../few-arenas'
import type { ForkProgram } from '../host'

/** Starts a program of ours as a plain Node process. Its standard error joins ours; its standard output is not used. */
export const forkProgram: ForkProgram = (path, { args = [], execArgv = [], env = {} }) => {
  const child = fork(path, [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...fewArenas, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const { promise: over, resolve } = Promise.withResolvers<number | null>()
  child.once('exit', resolve)
  // A send that meets a dying child is told by its exit; one that never came to be has no exit.
  child.on('error', () => {
    if (child.pid === undefined) resolve(null)
  })
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as NodeJS.Dict<unknown>, () => undefined)
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void over.then(listener),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
  }
}
