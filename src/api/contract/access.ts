import { z } from 'zod';
import type { AuditEntry } from '../../model/access/audit-entry.ts';
import { ROLES, type Role } from '../../model/access/principal.ts';
import { describes, nothing, route } from './route.ts';
import { instantText, name, names, queryNumber } from './words.ts';

/** A token without its secret. */
export interface TokenView {
  readonly id: string;
  readonly name?: string;
  readonly role: Role;
  /** Absent for all components. */
  readonly components?: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt?: string;
}

/** A principal by the name that people know it by. */
export interface PrincipalView {
  /** As in `Principal`, also of a token that is revoked by now. */
  readonly id: string;
  /** Absent for a token that nobody gave a name. */
  readonly name?: string;
  readonly role: Role;
}

/** A new token; the only time its secret is shown. */
export type TokenCreated = TokenView & { readonly token: string };

/** Whether the audit chain is whole. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  /** SHA-256 of the newest entry, to be kept elsewhere by who wants to be sure. */
  readonly head: string;
  /** What does not fit, and where. */
  readonly problem?: string;
}

/** What `backup create` and `backup verify` answer. */
export interface BackupReport {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
  readonly createdAt: string;
  /** Where a copy of the key was put; absent when none was made. */
  readonly keyFile?: string;
}

const tokenMembers = {
  id: z.string(),
  name: z.string().exactOptional(),
  role: z.enum(ROLES),
  components: z.array(z.string()).exactOptional(),
  createdAt: instantText,
  createdBy: z.string(),
  expiresAt: instantText.exactOptional(),
};

const auditEntry = describes<AuditEntry>()(
  z.object({
    sequence: z.number(),
    at: instantText,
    principal: z.string(),
    action: z.string(),
    object: z.string(),
    outcome: z.enum(['done', 'refused', 'failed']),
    detail: z.string(),
    previous: z.string(),
  }),
);

/** Who the caller is. */
export interface SessionView {
  readonly id: string;
  readonly role: Role;
  readonly components?: readonly string[];
}

/** Calls about access, the audit log and backups. */
export const ACCESS_ROUTES = {
  sessionLink: route({
    method: 'POST',
    path: '/session/link',
    summary: 'The path of a link that signs one browser in as the caller, once, within the hour.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({ path: z.string() }),
  }),
  sessionShow: route({
    method: 'GET',
    path: '/session',
    summary: 'Who the caller is and what role it has.',
    permissions: ['read', 'ingest'],
    input: nothing,
    answer: describes<SessionView>()(
      z.object({
        id: z.string(),
        role: z.enum(ROLES),
        components: z.array(z.string()).exactOptional(),
      }),
    ),
  }),
  principalList: route({
    method: 'GET',
    path: '/principals',
    summary: 'Who is meant by the ids in runs and incidents: bearers of tokens by their names.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({
      principals: z
        .array(
          describes<PrincipalView>()(
            z.object({
              id: z.string(),
              name: z.string().exactOptional(),
              role: z.enum(ROLES),
            }),
          ),
        )
        .readonly(),
    }),
  }),
  tokenList: route({
    method: 'GET',
    path: '/tokens',
    summary: 'Access tokens, without their secrets.',
    permissions: ['administer'],
    input: nothing,
    answer: z.object({
      tokens: z.array(describes<TokenView>()(z.object(tokenMembers))).readonly(),
    }),
  }),
  tokenCreate: route({
    method: 'POST',
    path: '/tokens',
    summary: 'Makes an access token; its secret is shown this once.',
    permissions: ['administer'],
    action: 'token.create',
    input: z.strictObject({
      role: z.enum(ROLES),
      name: name.optional(),
      components: names.optional(),
      expiresInDays: z.number().int().min(1).max(3650).optional(),
    }),
    answer: describes<TokenCreated>()(z.object({ ...tokenMembers, token: z.string() })),
  }),
  tokenRevoke: route({
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'Makes a token worthless at once.',
    permissions: ['administer'],
    action: 'token.revoke',
    input: z.strictObject({ id: name }),
    answer: z.object({ id: z.string() }),
  }),
  auditList: route({
    method: 'GET',
    path: '/audit',
    summary: 'Who did what, oldest first.',
    permissions: ['administer'],
    input: z.strictObject({
      after: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0).describe('a sequence number'),
      limit: queryNumber(1, 10_000).default(1000),
    }),
    answer: z.object({ entries: z.array(auditEntry).readonly() }),
  }),
  auditVerify: route({
    method: 'GET',
    path: '/audit/verify',
    summary: 'Whether the audit chain is whole.',
    permissions: ['administer'],
    input: nothing,
    answer: describes<AuditVerdict>()(
      z.object({
        ok: z.boolean(),
        entries: z.number(),
        head: z.string(),
        problem: z.string().exactOptional(),
      }),
    ),
  }),
  backupCreate: route({
    method: 'POST',
    path: '/backups',
    summary: 'Backs the whole data directory up into an empty folder on the daemon’s machine.',
    permissions: ['administer'],
    action: 'backup.create',
    input: z.strictObject({ directory: z.string().min(1).max(4096).regex(/^\//) }),
    answer: describes<BackupReport>()(
      z.object({
        directory: z.string(),
        files: z.number(),
        bytes: z.number(),
        createdAt: instantText,
        keyFile: z.string().exactOptional(),
      }),
    ),
  }),
};
