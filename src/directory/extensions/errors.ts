import { Refusal } from '../../kernel/refusal.js'

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })

export const refusals = {
  notAvailable: (names: readonly string[]) =>
    bad(
      'extensionNotAvailable',
      names[0] ?? '',
      `The following extension properties are not available: ${names.join(',')}.`,
    ),
  invalidValue: (name: string, rule: string) =>
    bad('invalidValue', name, `Invalid value specified for property '${name}': it must be ${rule}.`),
  tooManyValues: (count: number, most: number) =>
    new Refusal(
      'forbidden',
      'tooManyExtensionValues',
      `Unable to perform operation as '${count}' would exceed the maximum quota count '${most}' for extension values.`,
      { graphCode: 'Directory_QuotaExceeded' },
    ),
  propertyExists: (name: string) =>
    bad('extensionPropertyExists', 'name', `An extension property exists with the name ${name}.`),
  nameMalformed: () =>
    bad('malformedExtensionName', 'name', 'name: a letter, and then letters, digits and _, 128 characters at most.'),

  extensionExists: () =>
    new Refusal('conflict', 'extensionExists', 'An extension already exists with given id.', {
      target: 'extensionName',
      graphCode: 'Request_BadRequest',
    }),
  extensionNotFound: () =>
    new Refusal('notFound', 'extensionNotFound', 'Extension with given id not found.', {
      graphCode: 'ResourceNotFound',
    }),
  extensionNameMissing: () =>
    bad('missingProperty', 'extensionName', "A value is required for property 'extensionName'."),
  extensionNameMalformed: () =>
    bad(
      'malformedExtensionName',
      'extensionName',
      'extensionName: letters, digits, and . _ - between them, 30 characters at most.',
    ),
  extensionContent: (name: string) =>
    bad(
      'extensionContent',
      name,
      `The property '${name}' must be a text, a number, true, false, null or a list of such.`,
    ),
  extensionTooLarge: (most: number) =>
    bad('extensionTooLarge', 'extensions', `An open extension may have ${most} bytes at most.`),
  tooManyExtensions: (most: number) =>
    new Refusal('forbidden', 'tooManyExtensions', `A client may keep ${most} open extensions with an object at most.`, {
      graphCode: 'Directory_QuotaExceeded',
    }),
}
