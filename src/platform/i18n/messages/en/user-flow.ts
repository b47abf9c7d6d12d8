export default {
  'attribute.city': 'City',
  'attribute.country': 'Country/Region',
  'attribute.displayName': 'Display name',
  'attribute.givenName': 'Given name',
  'attribute.jobTitle': 'Job title',
  'attribute.postalCode': 'Postal code',
  'attribute.state': 'State/Province',
  'attribute.streetAddress': 'Street address',
  'attribute.surname': 'Surname',
}
