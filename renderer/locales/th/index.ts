import common from './common.json'
import sessions from './sessions.json'
import backend from './backend.json'
import failures from './failures.json'

/** Every text of the interface in Thai, by noun. */
export const th = { common, sessions, backend, failures }
