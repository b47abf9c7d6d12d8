import type { Texts } from '../../../platform/i18n/index.js'
import type { FlowAttribute } from '../../words.js'
import { type Fields, fieldName, MOST_CHARACTERS } from '../attribute-values.js'

/** A question as it stands on the page. */
export type ShownField = {
  attribute: FlowAttribute
  label: string
  hint: string | undefined
  choices: readonly { value: string; words: string }[]
  /** What is wrong with what was answered. */
  error: string | undefined
}

/** Where a link to a question leads: its first control. */
export function firstControl({ attribute, choices }: Pick<ShownField, 'attribute' | 'choices'>): string {
  if (attribute.inputType === 'dateTimeDropdown') return fieldName(attribute, 'day')
  const isList = attribute.inputType === 'radioSingleSelect' || attribute.inputType === 'checkboxMultiSelect'
  return isList && choices.length > 0 ? fieldName(attribute, 0) : fieldName(attribute)
}

type FieldProps = ShownField & { texts: Texts; fields: Fields }

export function AttributeField(props: FieldProps) {
  const { attribute } = props
  switch (attribute.inputType) {
    case 'dropdownSingleSelect':
      return <Dropdown {...props} />
    case 'radioSingleSelect':
    case 'checkboxMultiSelect':
      return <Choices {...props} />
    case 'checkbox':
      return <Tick {...props} />
    case 'dateTimeDropdown':
      return <DateParts {...props} />
    case 'textBox':
    case 'emailBox':
    case 'numberBox':
      return <TextBox {...props} />
  }
}

/** What browsers may fill in by themselves. */
const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  displayName: 'name',
  givenName: 'given-name',
  surname: 'family-name',
  jobTitle: 'organization-title',
  streetAddress: 'street-address',
  city: 'address-level2',
  state: 'address-level1',
  postalCode: 'postal-code',
  country: 'country-name',
}

function wordsOf({ texts, attribute, label }: FieldProps): string {
  // A box that has to be ticked says so by itself.
  return attribute.isRequired ? label : texts.say('sign-up.form.optional', { label })
}

function describedBy({ attribute, hint, error }: FieldProps): string | undefined {
  const ids = [hint && `${attribute.claim}-hint`, error && `${attribute.claim}-error`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

function Notes({ attribute, hint, error }: FieldProps) {
  return (
    <>
      {hint && (
        <p class="hint" id={`${attribute.claim}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${attribute.claim}-error`}>
          {error}
        </p>
      )}
    </>
  )
}

function TextBox(props: FieldProps) {
  const { attribute, fields, error } = props
  const name = fieldName(attribute)
  const { inputType, isRequired } = attribute
  const control = {
    id: name,
    name,
    dir: inputType === 'textBox' ? 'auto' : 'ltr',
    maxlength: MOST_CHARACTERS,
    required: isRequired,
    value: fields[name],
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy(props),
  } as const
  return (
    <div>
      <label for={name}>{wordsOf(props)}</label>
      <Notes {...props} />
      {inputType === 'emailBox' ? (
        <input type="email" {...control} />
      ) : (
        <input
          type="text"
          inputmode={inputType === 'numberBox' ? 'numeric' : undefined}
          autocomplete={AUTOCOMPLETE[attribute.claim]}
          {...control}
        />
      )}
    </div>
  )
}

function Dropdown(props: FieldProps) {
  const { texts, attribute, fields, choices, error } = props
  const name = fieldName(attribute)
  return (
    <div>
      <label for={name}>{wordsOf(props)}</label>
      <Notes {...props} />
      <select
        id={name}
        name={name}
        required={attribute.isRequired}
        autocomplete={AUTOCOMPLETE[attribute.claim]}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(props)}
      >
        <option value="">{texts.say('sign-up.form.choose')}</option>
        {choices.map(({ value, words }) => (
          <option value={value} selected={fields[name] === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

function Choices(props: FieldProps) {
  const { attribute, fields, choices, error } = props
  const isMany = attribute.inputType === 'checkboxMultiSelect'
  return (
    <fieldset aria-describedby={describedBy(props)}>
      <legend>{wordsOf(props)}</legend>
      <Notes {...props} />
      {choices.map(({ value, words }, index) => {
        const id = fieldName(attribute, index)
        const name = isMany ? id : fieldName(attribute)
        return (
          <label class="opt" for={id}>
            <input
              type={isMany ? 'checkbox' : 'radio'}
              id={id}
              name={name}
              value={value}
              checked={fields[name] === value}
              required={!isMany && attribute.isRequired}
              aria-invalid={isMany && error ? 'true' : undefined}
            />
            <span>{words}</span>
          </label>
        )
      })}
    </fieldset>
  )
}

function Tick(props: FieldProps) {
  const { attribute, fields, error } = props
  const name = fieldName(attribute)
  return (
    <div>
      <Notes {...props} />
      <label class="opt" for={name}>
        <input
          type="checkbox"
          id={name}
          name={name}
          value="true"
          checked={fields[name] === 'true'}
          required={attribute.isRequired}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={describedBy(props)}
        />
        <span>{wordsOf(props)}</span>
      </label>
    </div>
  )
}

function DateParts(props: FieldProps) {
  const { texts, attribute, fields, error } = props
  const parts = ['day', 'month', 'year'] as const
  return (
    <fieldset aria-describedby={describedBy(props)}>
      <legend>{wordsOf(props)}</legend>
      <p class="hint">{texts.say('sign-up.form.date-hint')}</p>
      <Notes {...props} />
      <div class="date">
        {parts.map((part) => {
          const name = fieldName(attribute, part)
          return (
            <label for={name}>
              {texts.say(`sign-up.form.${part}`)}
              <input
                id={name}
                name={name}
                inputmode="numeric"
                maxlength={4}
                value={fields[name]}
                aria-invalid={error ? 'true' : undefined}
              />
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
