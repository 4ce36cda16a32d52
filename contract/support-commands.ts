import { z } from 'zod'
import { auditActionSchema } from './audit'
import { backupSchema, staffBackupsSchema } from './backups'
import { presetNameSchema, presetSchema } from './presets'
import { ledgerPageSchema } from './quota'
import { staffUploadsSchema, whySchema } from './staff'
import {
  quotaRequestAnswerSchema,
  quotaRequestBodySchema,
  quotaRequestSchema,
  readSnapshotSchema,
  staffRequestsSchema,
  supportActsSchema,
  supportCodeReadSchema,
  supportCodeSchema,
} from './support'
import { uploadStateSchema } from './uploads'

const lineCursor = z.object({ cursor: z.int().nullable() })
const usernameInput = z.string().min(1).max(256)

/** Where users and staff meet, from either side. */
export const supportCommands = {
  /** The person's own statement, newest first. */
  'quota:history': { input: lineCursor, output: ledgerPageSchema },
  /** What support did to this account, and why. */
  'quota:support-acts': { input: lineCursor, output: supportActsSchema },
  /** The person saw what support did, up to this receipt: it is not told again, also not after a restart. */
  'quota:told': { input: z.object({ change: z.int().min(1) }), output: z.void() },
  'quota:request': { input: z.undefined(), output: quotaRequestAnswerSchema },
  'quota:ask': { input: quotaRequestBodySchema, output: quotaRequestSchema },
  /** Main takes the snapshot: the page could only say what it was told. */
  'support:make-code': { input: z.undefined(), output: supportCodeSchema },
  'staff:requests': { input: lineCursor, output: staffRequestsSchema },
  'staff:decline': { input: z.object({ username: usernameInput, body: whySchema }), output: z.object({ receipt: z.int() }) },
  'staff:read-code': { input: supportCodeReadSchema, output: readSnapshotSchema },
  /**
   * All that the filter finds, as a file: the host saves it where it can (`text` is null then), else the page does. `isWhole`
   * is false where there was more than a file takes.
   */
  'staff:export-audit': {
    input: z.object({
      user: usernameInput.nullable(),
      actor: usernameInput.nullable(),
      action: auditActionSchema.nullable(),
      format: z.enum(['csv', 'json']),
    }),
    output: z.object({ text: z.string().nullable(), name: z.string(), count: z.int(), isWhole: z.boolean() }),
  },
  'staff:presets': { input: z.undefined(), output: z.array(presetSchema) },
  'staff:put-preset': { input: presetSchema, output: presetSchema },
  'staff:remove-preset': { input: presetNameSchema, output: z.void() },
  'staff:backups': { input: usernameInput, output: staffBackupsSchema },
  'staff:back-up': { input: z.object({ username: usernameInput, body: whySchema }), output: backupSchema },
  'staff:uploads': {
    input: z.object({
      username: usernameInput,
      state: uploadStateSchema.nullable(),
      cursor: z.string().max(100).nullable(),
    }),
    output: staffUploadsSchema,
  },
} satisfies Record<string, { input: z.ZodType; output: z.ZodType }>
