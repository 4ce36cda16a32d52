import { mergeConfig } from 'vitest/config'
import usual from '../vitest.config'

/** What measures and does not judge: run by `npm run bench`, never by `npm test`. */
export default mergeConfig(usual, { test: { include: ['test/bench/*.measured.ts'] } })
