import { parse, serialize } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOneOf, type Keys, randomToken } from '../platform/crypto.js'

/** What a browser holds: a handle that ties forms and passcodes to it, and a session once it has signed in. */
export type Browser = { isSecure: boolean; handle: string | undefined; session: string | undefined }

/** Milliseconds a passcode sign-in lasts (spec: sessions). */
export const SESSION_MS = 24 * 3_600_000

const HANDLE_BYTES = 32

// Browsers take the prefix only with Secure, and Secure only on https: plain http has plain names (design section 8.6).
const nameOf = (isSecure: boolean, name: 'vs' | 'vb') => (isSecure ? `__Host-${name}` : name)

/** Reads the cookies that count on this listener; those of the other scheme do not. */
export function readBrowser(request: FastifyRequest, isSecure: boolean): Browser {
  const cookies = parse(request.headers.cookie ?? '')
  const handle = cookies[nameOf(isSecure, 'vb')]
  const session = cookies[nameOf(isSecure, 'vs')]
  return { isSecure, handle: wellFormed(handle), session: wellFormed(session) }
}

/** Gives the browser a handle when it has none; returns the one it has from now on. */
export function ensureHandle(reply: FastifyReply, browser: Browser): string {
  if (browser.handle) return browser.handle
  const handle = newHandle()
  setCookie(reply, browser.isSecure, 'vb', handle, 86_400)
  browser.handle = handle
  return handle
}

/** A new session handle in a cookie; the old one, if any, stops counting with the statement that stores this one. */
export function setSession(reply: FastifyReply, browser: Browser, session: string): void {
  setCookie(reply, browser.isSecure, 'vs', session, SESSION_MS / 1_000)
}

/** Takes the session cookie away. */
export function clearSession(reply: FastifyReply, browser: Browser): void {
  setCookie(reply, browser.isSecure, 'vs', '', 0)
}

/** 256 random bits. */
export function newHandle(): string {
  return randomToken(HANDLE_BYTES).toString('base64url')
}

/** What is stored of a handle. The scheme is part of it: a handle from http opens nothing on https. */
export function handleHash(
  keys: Keys,
  browser: Pick<Browser, 'isSecure'>,
  kind: 'session' | 'browser',
  handle: string,
): Buffer {
  return keys.mac('browser-handle', browser.isSecure ? 'https' : 'http', kind, handle)
}

/** What earlier secrets made of a handle, and what is stored of it from now on. */
export function outdatedHashes(
  keys: Keys,
  browser: Browser,
  kind: 'session' | 'browser',
): { old: Buffer[]; current: Buffer } | undefined {
  const handle = kind === 'session' ? browser.session : browser.handle
  if (handle === undefined || !keys.hasPrevious) return undefined
  const scheme = browser.isSecure ? 'https' : 'http'
  const [current, ...old] = keys.macs('browser-handle', scheme, kind, handle)
  return current && { old, current }
}

/** The token of this browser's forms: another browser's, or one from before signing in, does not pass. */
export function csrfToken(keys: Keys, handle: string, session: string | undefined): string {
  return keys.mac('csrf', handle, session ?? '').toString('base64url')
}

/** The same for a page that is about to be drawn; the browser has a handle from then on. */
export function csrfOf(drawn: { needs: { keys: Keys }; reply: FastifyReply; browser: Browser }): string {
  const { needs, reply, browser } = drawn
  return csrfToken(needs.keys, ensureHandle(reply, browser), browser.session)
}

/** Whether a form was drawn for this browser and session. */
export function isCsrfToken(keys: Keys, browser: Browser, token: unknown): boolean {
  if (typeof token !== 'string' || !browser.handle) return false
  return isOneOf(Buffer.from(token, 'base64url'), keys.macs('csrf', browser.handle, browser.session ?? ''))
}

function wellFormed(handle: string | undefined): string | undefined {
  return handle !== undefined && /^[A-Za-z0-9_-]{43}$/.test(handle) ? handle : undefined
}

function setCookie(
  reply: FastifyReply,
  isSecure: boolean,
  name: 'vs' | 'vb',
  value: string,
  maxAgeSeconds: number,
): void {
  const cookie = serialize(nameOf(isSecure, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: maxAgeSeconds,
  })
  reply.header('set-cookie', cookie)
}
