export default {
  'attribute.city': 'Ciudad',
  'attribute.country': 'País o región',
  'attribute.displayName': 'Nombre para mostrar',
  'attribute.givenName': 'Nombre',
  'attribute.jobTitle': 'Puesto',
  'attribute.postalCode': 'Código postal',
  'attribute.state': 'Estado o provincia',
  'attribute.streetAddress': 'Dirección',
  'attribute.surname': 'Apellidos',
}
