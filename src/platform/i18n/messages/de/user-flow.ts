export default {
  'attribute.city': 'Ort',
  'attribute.country': 'Land/Region',
  'attribute.displayName': 'Anzeigename',
  'attribute.givenName': 'Vorname',
  'attribute.jobTitle': 'Position',
  'attribute.postalCode': 'Postleitzahl',
  'attribute.state': 'Bundesland/Kanton',
  'attribute.streetAddress': 'Straße und Hausnummer',
  'attribute.surname': 'Nachname',
}
