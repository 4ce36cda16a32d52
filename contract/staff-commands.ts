import { z } from 'zod'
import { auditActionSchema, auditPageSchema } from './audit'
import { apiTokenIdSchema, sessionIdSchema } from './ids'
import { ledgerPageSchema } from './quota'
import { roleSchema } from './sessions'
import {
  explainQuerySchema,
  explanationSchema,
  limitsChangeSchema,
  mostLimitsAtOnce,
  quotaGrantBodySchema,
  quotaReceiptSchema,
  quotaResetBodySchema,
  quotaUndoBodySchema,
  staffSessionsSchema,
  staffTokensSchema,
  userCardSchema,
  usersPageSchema,
  whySchema,
} from './staff'

const usernameInput = z.string().min(1).max(256)
const cursor = z.string().max(256).nullable()
const lineCursor = z.int().nullable()
const done = z.void()

/** To whom, and what the route takes: a page never makes an address of its own. */
const of = <Body extends z.ZodType>(body: Body) => z.object({ username: usernameInput, body })

/** What staff ask of main. Everybody else's are refused by the backend (`forbidden`), and the page offers none of them. */
export const staffCommands = {
  'staff:search': { input: z.object({ query: z.string().max(256), cursor }), output: usersPageSchema },
  'staff:user': { input: usernameInput, output: userCardSchema },
  'staff:ledger': { input: z.object({ username: usernameInput, cursor: lineCursor }), output: ledgerPageSchema },
  'staff:explain': { input: of(explainQuerySchema), output: explanationSchema },
  'staff:reset': { input: of(quotaResetBodySchema), output: quotaReceiptSchema },
  'staff:undo': { input: of(quotaUndoBodySchema), output: quotaReceiptSchema },
  'staff:grant': { input: of(quotaGrantBodySchema), output: quotaReceiptSchema },
  /** The same limits for one user or for many, all or none; `version` is that of the quota of one, as it was shown. */
  'staff:limits': {
    input: whySchema.extend({
      usernames: z.array(usernameInput).min(1).max(mostLimitsAtOnce),
      limits: limitsChangeSchema,
      version: z.int().nullable(),
    }),
    output: z.array(quotaReceiptSchema),
  },
  'staff:change-account': {
    input: of(whySchema.extend({ role: roleSchema.optional(), disabled: z.boolean().optional() })),
    output: userCardSchema,
  },
  /** Running sessions, of all, of one, or of everybody whom the words fit; newest first. */
  'staff:sessions': {
    input: z.object({ user: usernameInput.nullable(), query: z.string().max(256).nullable(), cursor }),
    output: staffSessionsSchema,
  },
  /** One session of a user, or (`id` null) all of them. */
  'staff:end-sessions': {
    input: of(whySchema.extend({ id: sessionIdSchema.nullable() })),
    output: z.object({ ended: z.int() }),
  },
  'staff:tokens': { input: z.object({ user: usernameInput.nullable(), cursor }), output: staffTokensSchema },
  'staff:end-token': { input: z.object({ id: apiTokenIdSchema, why: whySchema }), output: done },
  'staff:audit': {
    input: z.object({
      user: usernameInput.nullable(),
      actor: usernameInput.nullable(),
      action: auditActionSchema.nullable(),
      cursor: lineCursor,
    }),
    output: auditPageSchema,
  },
} satisfies Record<string, { input: z.ZodType; output: z.ZodType }>
