import { EventEmitter } from 'node:events'

// Gives a forked Node process the `process.parentPort` that a utility process of Electron has.
const port = new EventEmitter()
port.postMessage = (message) => process.send?.(message)
port.start = () => undefined
process.on('message', (data) => port.emit('message', { data, ports: [] }))
process.on('disconnect', () => process.exit(0))
process.channel?.ref()
Object.defineProperty(process, 'parentPort', { value: port })
Object.defineProperty(process.versions, 'electron', { value: '45.4.1' })
