import { fork } from 'node:child_process'
import type { ForkProgram } from '../host'

/** Starts a program of ours as a plain Node process. Its standard error joins ours; its standard output is not used. */
export const forkProgram: ForkProgram = (path, { args = [], execArgv = [], env = {} }) => {
  const child = fork(path, [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  // A send that meets a dying child is told by its exit, which is always heard.
  child.on('error', () => undefined)
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as NodeJS.Dict<unknown>, () => undefined)
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(code)),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
  }
}
