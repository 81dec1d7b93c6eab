import { serviceLabel } from '../../../lib/domain/deployment.ts';

test('a service is known by its cluster and its name: names are unique only there', () => {
  expect(serviceLabel({ cluster: 'prod', service: 'web' })).toBe('prod/web');
});
