import { config } from 'zod'

/**
 * Imported first by whatever runs in a page: zod would otherwise try whether it may compile code, and the page's policy would
 * report that as a violation.
 */
config({ jitless: true })
