import { z } from 'zod'

export const languageSchema = z.enum(['en', 'ar', 'th'])
export type Language = z.infer<typeof languageSchema>

/** The whole queue rests: until a time, or (null) until the person says so. Nothing is said to it by the time having passed. */
const pauseSchema = z.object({ until: z.iso.datetime().nullable() }).nullable()
export type QueuePause = NonNullable<z.infer<typeof pauseSchema>>

const noticesSchema = z.enum(['all', 'problems', 'none'])

/** What a person chose. Every field has a default, so a settings file of any age is readable. */
export const settingsSchema = z.object({
  /** null follows the operating system. */
  language: languageSchema.nullable().default(null),
  digits: z.enum(['region', 'latn', 'arab']).default('region'),
  calendar: z.enum(['buddhist', 'gregory']).default('buddhist'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  textSizePercent: z.int().min(90).max(150).default(100),
  simultaneousUploads: z.int().min(1).max(6).default(1),
  /** null sends as fast as the line allows. */
  uploadLimitBytesPerSecond: z.int().min(10_000).nullable().default(null),
  libraryView: z.enum(['grid', 'table']).default('grid'),
  pause: pauseSchema.default(null),
  /** The computer does not fall asleep while bytes move; its screen may. */
  keepsAwake: z.boolean().default(true),
  /** The queue rests while the computer runs on its battery. */
  pausesOnBattery: z.boolean().default(false),
  /** The queue rests while the line is one that costs by what goes over it. */
  pausesOnMetered: z.boolean().default(false),
  /** What is told by the system's notices. */
  notices: noticesSchema.default('all'),
  startsAtLogin: z.boolean().default(false),
  /** The app goes on when its window is closed, where there is a way back to it. */
  staysWhenClosed: z.boolean().default(true),
})
export type Settings = z.infer<typeof settingsSchema>

/** A patch has no defaults: an absent field stays as it was. */
export const settingsPatchSchema = z
  .strictObject({
    language: languageSchema.nullable(),
    digits: z.enum(['region', 'latn', 'arab']),
    calendar: z.enum(['buddhist', 'gregory']),
    theme: z.enum(['system', 'light', 'dark']),
    textSizePercent: z.int().min(90).max(150),
    simultaneousUploads: z.int().min(1).max(6),
    uploadLimitBytesPerSecond: z.int().min(10_000).nullable(),
    libraryView: z.enum(['grid', 'table']),
    pause: pauseSchema,
    keepsAwake: z.boolean(),
    pausesOnBattery: z.boolean(),
    pausesOnMetered: z.boolean(),
    notices: noticesSchema,
    startsAtLogin: z.boolean(),
    staysWhenClosed: z.boolean(),
  })
  .partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>
