import { randomBytes } from 'node:crypto'
import type { z } from 'zod'

/** Where ids and secrets come from; a simulation hands in a seeded one. */
export type RandomSource = (sizeBytes: number) => Buffer

export const systemRandom: RandomSource = (sizeBytes) => randomBytes(sizeBytes)

/** A new opaque id: 128 random bits as 22 URL-safe characters, branded by the schema it must satisfy. */
export function newId<Schema extends z.ZodType>(schema: Schema, random: RandomSource): z.output<Schema> {
  return schema.parse(random(16).toString('base64url'))
}
