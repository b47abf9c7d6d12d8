export default {
  'attribute.city': 'Ville',
  'attribute.country': 'Pays/région',
  'attribute.displayName': 'Nom d’affichage',
  'attribute.givenName': 'Prénom',
  'attribute.jobTitle': 'Fonction',
  'attribute.postalCode': 'Code postal',
  'attribute.state': 'État/province',
  'attribute.streetAddress': 'Adresse postale',
  'attribute.surname': 'Nom de famille',
}
