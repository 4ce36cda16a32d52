import common from './common.json'
import sessions from './sessions.json'
import backend from './backend.json'
import failures from './failures.json'

/** Every text of the interface in English, by noun. */
export const en = { common, sessions, backend, failures }
