import type { FastifyRequest } from 'fastify'
import type { MailOrganization } from '../platform/mail/layout.js'
import { type BrandColours, brandColours } from '../platform/pages/branding.js'
import { frameFor } from '../platform/pages/frame.js'
import type { OrganizationFrame, PageOrganization } from '../platform/pages/page.js'
import type { Tenant } from './tenant.js'

/** Our neutral button, for organizations that chose no colour. */
const NEUTRAL = { fill: '#1b1d1f', ink: '#ffffff' }

const coloursByValue = new Map<string, BrandColours>()

/** Path of the organization's logo on our origin, undefined without one. It changes with the logo, so it may be cached. */
export function logoPath(tenant: Tenant): string | undefined {
  return tenant.logo ? `/assets/logos/${tenant.id}/${tenant.version}.png` : undefined
}

/** How an organization looks on a page. */
export function pageOrganization(tenant: Tenant): PageOrganization {
  return {
    name: tenant.displayName,
    domain: tenant.defaultDomain,
    logoUrl: logoPath(tenant),
    colours: tenant.brandColour === undefined ? undefined : coloursOf(tenant.brandColour),
  }
}

/** What stands around a page of an organization; `preferred`: a language that comes before its own. */
export function organizationFrame({
  request,
  tenant,
  preferred,
}: {
  request: FastifyRequest
  tenant: Tenant
  preferred?: string | null | undefined
}): OrganizationFrame {
  return frameFor(request, {
    organization: pageOrganization(tenant),
    privacyUrl: tenant.privacyStatementUrl,
    preferred: preferred ?? tenant.notificationLanguage,
  })
}

/** How it looks in a mail, whose images need absolute addresses. */
export function mailOrganization(tenant: Tenant, publicUrl: string): MailOrganization {
  const path = logoPath(tenant)
  const light = tenant.brandColour === undefined ? NEUTRAL : coloursOf(tenant.brandColour).light
  return {
    name: tenant.displayName,
    domain: tenant.defaultDomain,
    logoUrl: path && publicUrl + path,
    colours: { fill: light.fill, ink: light.ink },
  }
}

function coloursOf(colour: string): BrandColours {
  const known = coloursByValue.get(colour)
  if (known) return known
  const computed = brandColours(colour)
  if (coloursByValue.size < 5_000) coloursByValue.set(colour, computed)
  return computed
}
