import { z } from 'zod'
import { presetNameSchema, presetSchema, presetsSchema } from './presets'

/** Named limits (`http.ts`). */
export const presetRoutes = {
  presets: {
    method: 'GET',
    path: '/admin/presets',
    access: ['session'],
    role: 'staff',
    summary: 'Limits by name, to be given to people',
    answers: { 200: presetsSchema },
  },
  putPreset: {
    method: 'POST',
    path: '/admin/presets',
    access: ['session'],
    role: 'staff',
    summary: 'Make a preset, or another one of that name; changes nobody; needs a fresh proof',
    body: presetSchema,
    answers: { 200: presetSchema },
  },
  removePreset: {
    method: 'DELETE',
    path: '/admin/presets/:name',
    access: ['session'],
    role: 'staff',
    summary: 'Remove a preset; changes nobody; needs a fresh proof',
    params: z.object({ name: presetNameSchema }),
    answers: { 204: z.null() },
  },
} as const
