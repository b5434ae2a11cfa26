import { App, Stack } from 'aws-cdk-lib';
import { Node } from 'constructs';
import { WEB } from './fixture';
import { Certificate, ContainerService, ContainerServicePower } from '../../lib';

afterEach(() => jest.restoreAllMocks());

/** How often the synthesis of so many deployments with domains looks through the whole app. */
function looksAtSynthesis(deployments: number): number {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const certificate = Certificate.fromCertificateName(stack, 'Certificate', 'example');
  for (let index = 0; index < deployments; index += 1) {
    new ContainerService(stack, `Service${index}`, {
      containerServiceName: `service-${index}`, power: ContainerServicePower.NANO, domains: [{ certificate, domainNames: [`tenant-${index}.example.com`] }],
    })
      .addDeployment('Deployment', { containers: { web: WEB }, publicEndpoint: { containerName: 'web', containerPort: 80 } });
  }
  const looks = jest.spyOn(Node.prototype, 'findAll');
  app.synth();
  const count = looks.mock.contexts.filter((node) => node === app.node || node === stack.node).length;
  looks.mockRestore();
  return count;
}

test('a synthesis of many deployments with domains looks through the app as often as one of few', () => {
  const few = looksAtSynthesis(2);

  expect(few).toBeGreaterThan(0);
  expect(looksAtSynthesis(12)).toBe(few);
});
