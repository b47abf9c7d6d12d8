import { Refusal } from '../../../kernel/refusal.js'

/** Graph's 400 of a membership rule that it cannot read; `position` counts characters of the rule from 1. */
export function ruleRefused(innerCode: string, message: string, position: number): Refusal {
  return new Refusal('invalid', innerCode, message, {
    target: 'membershipRule',
    graphCode: 'DynamicGroupQueryParseError',
    items: [{ code: 'position', message: `Position ${position}`, target: 'membershipRule' }],
  })
}

/** A rule that is not in the language. */
export function malformedRule(what: string, position: number): Refusal {
  return ruleRefused('malformedRule', `Invalid membership rule: ${what} at position ${position}.`, position)
}

/** A property that a rule cannot ask about, because there is none of that name. */
export function unsupportedProperty(name: string, position: number, hint = ''): Refusal {
  const shown = name.slice(0, 192).toWellFormed()
  return ruleRefused('unsupportedRuleProperty', `Unsupported property '${shown}'${hint}`, position)
}
