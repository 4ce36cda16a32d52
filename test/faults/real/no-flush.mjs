import { open } from 'node:fs/promises'

/** Loaded into a backend before its own program: it takes its files for flushed when they are not. */
const file = await open(process.execPath)
const prototype = Object.getPrototypeOf(file)
await file.close()
prototype.datasync = async () => undefined
prototype.sync = async () => undefined
