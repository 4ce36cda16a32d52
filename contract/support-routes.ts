import { z } from 'zod'
import { whySchema } from './staff'
import {
  quotaRequestAnswerSchema,
  quotaRequestBodySchema,
  quotaRequestSchema,
  readSnapshotSchema,
  staffRequestsQuerySchema,
  staffRequestsSchema,
  supportActsQuerySchema,
  supportActsSchema,
  supportCodeBodySchema,
  supportCodeReadSchema,
  supportCodeSchema,
} from './support'

const staffUserParams = z.object({ username: z.string().min(1).max(256) })

/** Where users and staff meet (`http.ts`): what was done and why, what is asked for, and what a person shows. */
export const supportRoutes = {
  supportActs: {
    method: 'GET',
    path: '/user/support-acts',
    access: ['session', 'api-token'],
    summary: 'What staff did to this account and why, newest first',
    query: supportActsQuerySchema,
    answers: { 200: supportActsSchema },
  },
  quotaRequest: {
    method: 'GET',
    path: '/user/quota/request',
    access: ['session', 'api-token'],
    summary: 'What this user asked for last, and whether it was answered',
    answers: { 200: quotaRequestAnswerSchema },
  },
  askForQuota: {
    method: 'POST',
    path: '/user/quota/request',
    access: ['session', 'api-token'],
    summary: 'Ask staff for more; a request that is still open is replaced',
    body: quotaRequestBodySchema,
    answers: { 201: quotaRequestSchema },
  },
  makeSupportCode: {
    method: 'POST',
    path: '/user/support-codes',
    access: ['session'],
    summary: 'Three words under which staff see this snapshot for half an hour',
    body: supportCodeBodySchema,
    answers: { 201: supportCodeSchema },
  },
  staffRequests: {
    method: 'GET',
    path: '/admin/quota-requests',
    access: ['session'],
    role: 'staff',
    summary: 'Who asks for more quota, whoever has waited longest first',
    query: staffRequestsQuerySchema,
    answers: { 200: staffRequestsSchema },
  },
  declineRequest: {
    method: 'POST',
    path: '/admin/users/:username/quota/decline',
    access: ['session'],
    role: 'staff',
    summary: 'Answer an open request with a reason and no quota; needs a fresh proof',
    params: staffUserParams,
    body: whySchema,
    answers: { 200: z.object({ receipt: z.int() }) },
  },
  readSupportCode: {
    method: 'POST',
    path: '/admin/support-codes/read',
    access: ['session'],
    role: 'staff',
    summary: 'The snapshot behind three words; on record',
    body: supportCodeReadSchema,
    answers: { 200: readSnapshotSchema },
  },
} as const
