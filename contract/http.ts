import { z } from 'zod'
import { backupRoutes } from './backup-routes'
import { apiTokenIdSchema, sessionIdSchema, uploadIdSchema, videoIdSchema } from './ids'
import {
  proofWaysSchema,
  providerCallbackQuerySchema,
  providerIdSchema,
  providerProofBodySchema,
  providerSchema,
  providerStartQuerySchema,
  providerTokenBodySchema,
} from './providers'
import { ledgerPageSchema, ledgerQuerySchema, limitsAnswerSchema, quotaAnswerSchema } from './quota'
import {
  changePasswordBodySchema,
  loginAnswerSchema,
  loginBodySchema,
  proofBodySchema,
  registerBodySchema,
  sessionHistoryQuerySchema,
  sessionHistorySchema,
  sessionNameBodySchema,
  sessionsAnswerSchema,
  sessionSchema,
  sessionStatisticsSchema,
  signOutQuerySchema,
  tempTokenAnswerSchema,
  tempTokenBodySchema,
  userSchema,
} from './sessions'
import { presetRoutes } from './preset-routes'
import { staffRoutes } from './staff-routes'
import { supportRoutes } from './support-routes'
import { apiTokenCreationSchema, apiTokensSchema, newApiTokenSchema } from './tokens'
import { uploadAnswerSchema } from './uploads'
import { videoSchema, videosPageSchema, videosQuerySchema } from './videos'

/** The kinds of credential of `api.md`. A route names those that it takes; an empty list is open to anyone. */
export type Credential = 'session' | 'api-token' | 'temp-token'

type Route = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly path: string
  readonly access: readonly Credential[]
  /** Anyone without it gets 403, whatever else they send. */
  readonly role?: 'staff'
  readonly summary: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** JSON answers by status. Raw bodies (tus, video content) have none here. */
  readonly answers: Readonly<Record<number, z.ZodType>>
}

const signedIn = ['session', 'api-token'] as const
const uploading = ['session', 'api-token', 'temp-token'] as const
const downloading = uploading
const nothing = z.null()
const sessionParams = z.object({ id: sessionIdSchema })
const uploadParams = z.object({ id: uploadIdSchema })
const apiTokenParams = z.object({ id: apiTokenIdSchema })
const providerParams = z.object({ provider: providerIdSchema })
const videoParams = z.object({ id: videoIdSchema })

/** Every route of the backend, by noun. Handlers, OpenAPI and the client are all made from this one table. */
export const routes = {
  register: {
    method: 'POST',
    path: '/auth/register',
    access: [],
    summary: 'Make an account; the first of an instance is staff',
    body: registerBodySchema,
    answers: { 201: userSchema },
  },
  login: {
    method: 'POST',
    path: '/auth/login',
    access: [],
    summary: 'Sign in on a device',
    body: loginBodySchema,
    answers: { 200: loginAnswerSchema },
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    access: ['session'],
    summary: 'End this session at once',
    answers: { 204: nothing },
  },
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    access: ['session'],
    summary: 'A new password; ends all other sessions and every temporary and API token',
    body: changePasswordBodySchema,
    answers: { 204: nothing },
  },
  prove: {
    method: 'POST',
    path: '/auth/proof',
    access: ['session'],
    summary: 'Prove with the password that it is you, for the sensitive acts of the next 15 minutes',
    body: proofBodySchema,
    answers: { 204: nothing },
  },
  /** How this instance takes new accounts; what the sign-in screen needs before anyone is signed in. */
  registration: {
    method: 'GET',
    path: '/auth/registration',
    access: [],
    summary: 'Whether accounts can be made, and whether the first one is still to be made',
    answers: { 200: z.object({ mode: z.enum(['open', 'closed']), isFirstAccount: z.boolean() }) },
  },
  providers: {
    method: 'GET',
    path: '/auth/providers',
    access: [],
    summary: 'The OpenID providers that people can sign in with',
    answers: { 200: z.object({ providers: z.array(providerSchema) }) },
  },
  providerStart: {
    method: 'GET',
    path: '/auth/oidc/:provider/start',
    access: [],
    summary: 'Where an app sends the system browser; goes on to the provider',
    params: providerParams,
    query: providerStartQuerySchema,
    answers: { 302: nothing },
  },
  providerCallback: {
    method: 'GET',
    path: '/auth/oidc/:provider/callback',
    access: [],
    summary: 'Where the provider sends the browser; goes back to the app with a code, or with an error',
    params: providerParams,
    query: providerCallbackQuerySchema,
    answers: { 302: nothing },
  },
  providerToken: {
    method: 'POST',
    path: '/auth/oidc/token',
    access: [],
    summary: 'Sign in on a device with the code of a provider sign-in',
    body: providerTokenBodySchema,
    answers: { 200: loginAnswerSchema },
  },
  proofWays: {
    method: 'GET',
    path: '/auth/proof',
    access: ['session'],
    summary: 'How the asking user can prove that it is they',
    answers: { 200: proofWaysSchema },
  },
  proveWithProvider: {
    method: 'POST',
    path: '/auth/oidc/proof',
    access: ['session'],
    summary: 'Prove with the code of a provider sign-in that it is you, for the sensitive acts of the next 15 minutes',
    body: providerProofBodySchema,
    answers: { 204: nothing },
  },
  me: { method: 'GET', path: '/user/me', access: signedIn, summary: 'Profile and role', answers: { 200: userSchema } },
  currentSession: {
    method: 'GET',
    path: '/user/sessions/current',
    access: ['session'],
    summary: 'The asking device',
    answers: { 200: sessionSchema },
  },
  sessions: {
    method: 'GET',
    path: '/user/sessions',
    access: ['session'],
    summary: 'Where the user is signed in: the asking device first, then by last activity',
    answers: { 200: sessionsAnswerSchema },
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/user/sessions',
    access: ['session'],
    summary: 'Sign out everywhere else; needs a fresh proof',
    query: signOutQuerySchema,
    answers: { 200: z.object({ ended: z.int() }) },
  },
  sessionHistory: {
    method: 'GET',
    path: '/user/sessions/history',
    access: ['session'],
    summary: 'Sessions that have ended, with reason, newest first',
    query: sessionHistoryQuerySchema,
    answers: { 200: sessionHistorySchema },
  },
  sessionStatistics: {
    method: 'GET',
    path: '/user/sessions/statistics',
    access: ['session'],
    summary: 'Devices of the last 26 weeks, per kind, system and week',
    answers: { 200: sessionStatisticsSchema },
  },
  session: {
    method: 'GET',
    path: '/user/sessions/:id',
    access: ['session'],
    summary: 'One device, with what it is sending now',
    params: sessionParams,
    answers: { 200: sessionSchema },
  },
  renameSession: {
    method: 'PATCH',
    path: '/user/sessions/:id',
    access: ['session'],
    summary: 'Give a device another name',
    params: sessionParams,
    body: sessionNameBodySchema,
    answers: { 200: sessionSchema },
  },
  endSession: {
    method: 'DELETE',
    path: '/user/sessions/:id',
    access: ['session'],
    summary: 'Sign a device out; another one than the asking needs a fresh proof',
    params: sessionParams,
    query: signOutQuerySchema,
    answers: { 204: nothing },
  },
  quota: {
    method: 'GET',
    path: '/user/session',
    access: signedIn,
    summary: 'The quota of the user, the same for ever and on every device',
    answers: { 200: quotaAnswerSchema },
  },
  quotaHistory: {
    method: 'GET',
    path: '/user/quota/history',
    access: signedIn,
    summary: 'The append-only ledger, newest first',
    query: ledgerQuerySchema,
    answers: { 200: ledgerPageSchema },
  },
  limits: {
    method: 'GET',
    path: '/limits',
    access: signedIn,
    summary: 'What is asked of one file',
    answers: { 200: limitsAnswerSchema },
  },
  /** Not JSON but server-sent events, each as `contract/events.ts` has it. */
  events: {
    method: 'GET',
    path: '/events',
    access: signedIn,
    summary: 'Server-sent events; Last-Event-ID resumes; of more than 10 streams of one credential the oldest gives way',
    answers: {},
  },
  apiTokens: {
    method: 'GET',
    path: '/api/token/',
    access: ['session'],
    summary: 'The API tokens of the user; never a key',
    answers: { 200: apiTokensSchema },
  },
  createApiToken: {
    method: 'POST',
    path: '/api/token/',
    access: ['session'],
    summary: 'A new API token; its key is shown this once',
    body: apiTokenCreationSchema,
    answers: { 201: newApiTokenSchema },
  },
  regenerateApiToken: {
    method: 'POST',
    path: '/api/token/:id/regenerate',
    access: ['session'],
    summary: 'A new key for an API token; the old one is dead at once',
    params: apiTokenParams,
    answers: { 200: newApiTokenSchema },
  },
  revokeApiToken: {
    method: 'DELETE',
    path: '/api/token/:id',
    access: ['session'],
    summary: 'End an API token and everything begun with it',
    params: apiTokenParams,
    answers: { 204: nothing },
  },
  createTempToken: {
    method: 'POST',
    path: '/temp-tokens',
    access: signedIn,
    summary: 'A token for one long operation, renewed by use',
    body: tempTokenBodySchema,
    answers: { 201: tempTokenAnswerSchema },
  },
  tusOptions: {
    method: 'OPTIONS',
    path: '/uploads',
    access: [],
    summary: 'What of tus is spoken here',
    answers: { 204: nothing },
  },
  createUpload: {
    method: 'POST',
    path: '/uploads',
    access: uploading,
    summary: 'tus creation, with or without bytes',
    answers: { 201: nothing },
  },
  headUpload: {
    method: 'HEAD',
    path: '/uploads/:id',
    access: uploading,
    summary: 'tus offset',
    params: uploadParams,
    answers: { 200: nothing },
  },
  patchUpload: {
    method: 'PATCH',
    path: '/uploads/:id',
    access: uploading,
    summary: 'tus bytes; the last one answers after the file was verified',
    params: uploadParams,
    answers: { 204: nothing },
  },
  deleteUpload: {
    method: 'DELETE',
    path: '/uploads/:id',
    access: uploading,
    summary: 'tus termination; gives the reservation back',
    params: uploadParams,
    answers: { 204: nothing },
  },
  upload: {
    method: 'GET',
    path: '/uploads/:id',
    access: uploading,
    summary: 'The state of an upload, for a client that lost the last answer',
    params: uploadParams,
    answers: { 200: uploadAnswerSchema },
  },
  acceptUpload: {
    method: 'POST',
    path: '/uploads/:id/accept',
    access: signedIn,
    summary: 'Take in a held file, now that it fits',
    params: uploadParams,
    answers: { 200: uploadAnswerSchema },
  },
  uploadVideo: {
    method: 'POST',
    path: '/upload-video',
    access: signedIn,
    summary: 'A plain multipart form (`file`) for scripts: same quota, same checks',
    answers: { 201: videoSchema },
  },
  videos: {
    method: 'GET',
    path: '/videos',
    access: signedIn,
    summary: 'The library, by pages',
    query: videosQuerySchema,
    answers: { 200: videosPageSchema },
  },
  video: {
    method: 'GET',
    path: '/videos/:id',
    access: signedIn,
    summary: 'One video',
    params: videoParams,
    answers: { 200: videoSchema },
  },
  deleteVideo: {
    method: 'DELETE',
    path: '/videos/:id',
    access: signedIn,
    summary: 'Delete a video; gives no quota back',
    params: videoParams,
    answers: { 204: nothing },
  },
  videoContent: {
    method: 'GET',
    path: '/videos/:id/content',
    access: downloading,
    summary: 'The bytes: Range, If-Range, strong ETag, HEAD',
    params: videoParams,
    answers: {},
  },
  videoThumbnail: {
    method: 'GET',
    path: '/videos/:id/thumbnail',
    access: signedIn,
    summary: 'A JPEG picture of the video',
    params: videoParams,
    answers: {},
  },
  ...backupRoutes,
  ...staffRoutes,
  ...presetRoutes,
  ...supportRoutes,
  healthz: {
    method: 'GET',
    path: '/healthz',
    access: [],
    summary: 'The process answers',
    answers: { 200: z.object({ status: z.literal('ok') }) },
  },
  readyz: {
    method: 'GET',
    path: '/readyz',
    access: [],
    summary: 'Database and disk answer',
    answers: { 200: z.object({ status: z.literal('ok') }), 503: z.object({ status: z.literal('unavailable') }) },
  },
  metrics: { method: 'GET', path: '/metrics', access: [], summary: 'Prometheus metrics', answers: {} },
  docs: { method: 'GET', path: '/docs', access: [], summary: 'This interface as OpenAPI', answers: {} },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
