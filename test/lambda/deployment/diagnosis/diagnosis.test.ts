import { attempts, failed, NO_SECRETS, probe, said, tailOf } from './container-log/log-fixture';
import { diagnose } from '../../../../lambda/deployment/diagnosis/diagnosis';

describe('several containers', () => {
  const containers = { side: { image: 'redis:7' }, app: { image: 'shop:1' } };
  const both = (side: string[], app: string[]) => diagnose(failed({ containers }), [tailOf('side', attempts(3, side)), tailOf('app', attempts(3, app))], NO_SECRETS)
    .map(({ containerName, cause }) => `${containerName} ${cause}`);

  test('the one that shows a fault is named, and not the silence of another', () => {
    expect(both(['Error: no luck'], [])).toEqual(['side exits; its log says "Error: no luck"']);
  });

  test('the one behind the public endpoint goes first', () => {
    expect(both(['exit status 1'], ['exit status 2'])).toEqual(['app exits with status 2', 'side exits with status 1']);
  });

  test('one that is only started again with the others does not take the blame', () => {
    expect(both(['Ready to accept connections tcp'], ['Error: no luck'])).toEqual(['app exits; its log says "Error: no luck"']);
  });

  test('all are named where all are silent', () => {
    expect(both([], [])).toEqual([expect.stringContaining('app logged nothing: its image "shop:1"'), expect.stringContaining('side logged nothing: its image "redis:7"')]);
  });
});

test('a deployment that was never made has no containers to blame', () => {
  expect(said(['exit status 1'], { deployment: { end: 'not created' } })).toBeUndefined();
});

test('a deployment without a public endpoint has no health check', () => {
  expect(said([probe(404), 'hello'], { deployment: { publicEndpoint: undefined } })).toBeUndefined();
});
