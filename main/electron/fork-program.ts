import { utilityProcess } from 'electron'
import { fewArenas } from '../few-arenas'
import type { ForkProgram } from '../host'

/** Starts a program of ours as a utility process: with the fuse `runAsNode` off there is no other way to run Node code. */
export const forkProgram: ForkProgram = (path, { args = [], execArgv = [], env = {}, serviceName }) => {
  const child = utilityProcess.fork(path, [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...fewArenas, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
    serviceName,
  })
  return {
    get pid() {
      return child.pid
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(code)),
    kill: (signal = 'SIGTERM') => {
      if (signal !== 'SIGKILL' || child.pid === undefined) child.kill()
      else process.kill(child.pid, signal)
    },
  }
}
