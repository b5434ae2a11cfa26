import { deployRequest } from './deploy-request';
import type { CallFailureKind } from '../../../lambda/clients/call-failure';
import type { DescribedService } from '../../../lambda/clients/lightsail';
import { PrivateImages } from '../../../lambda/deployment/private-images';
import type { Waiting } from '../../../lambda/deployment/progress';
import { failing, FakeWorld, START } from '../fake-world';

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const DESIRED = { containers: {} };
const SERVICE: DescribedService = { containerServiceName: 'web', state: 'READY' };
const WITH_ROLE: DescribedService = { ...SERVICE, privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn:aws:iam::1:role/puller' } } };
const RUNNING: DescribedService = { ...SERVICE, state: 'RUNNING', currentDeployment: { version: 3, state: 'ACTIVE' } };

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

function withAccess(isNew: boolean, ...tags: string[]) {
  return deployRequest({ desired: DESIRED, pullAccess: { isNew, ecrImages: tags.map((tag) => `${HOST}/${tag}`) } });
}

describe('the images of private repositories', () => {
  /** Looks the images up in a registry that holds only these repositories. */
  async function lookUp(held: string[], images: string[], service = SERVICE): Promise<string[]> {
    const asked: string[] = [];
    const hasImage = async ({ repositoryName }: { repositoryName: string }) => {
      asked.push(repositoryName);
      return held.includes(repositoryName);
    };
    await new PrivateImages({ ...world, ecr: { hasImage } }).requirePresent(withAccess(false, ...images), service);
    return asked;
  }

  test('are all looked up', async () => {
    await expect(lookUp(['app', 'proxy'], ['app:1', 'proxy:2'])).resolves.toEqual(['app', 'proxy']);
  });

  test.each([[SERVICE, 'No deployment is active.'], [RUNNING, 'Version 3 is still serving.']])('fails for one that is not there, on %j', async (service, serving) => {
    await expect(lookUp(['app'], ['app:1', 'proxy:2'], service)).rejects.toThrow(
      `Nothing was deployed to container service "web": there is no image ${HOST}/proxy:2. ${serving}\n`
      + 'Push it to the repository, built for linux/amd64, or pass an existing tag or digest to ContainerImage.fromEcrRepository(). Then deploy again.',
    );
  });

  test.each(['app', 'app@sha256:1'])('%s cannot be named to Amazon ECR, and is left to Lightsail', async (image) => {
    await expect(lookUp([], [image])).resolves.toEqual([]);
  });

  test('are not looked up where the deployment has none', async () => {
    await new PrivateImages(world).requirePresent(deployRequest({ desired: DESIRED }), SERVICE);
    expect(world.calls).toEqual([]);
  });

  test.each<CallFailureKind>(['denied', 'missing', 'refused', 'busy'])('are left to Lightsail where the call is %s, and the log tells', async (kind) => {
    world.fail('hasImage', failing(kind, 'DescribeImages'));
    await new PrivateImages(world).requirePresent(withAccess(false, 'app:1', 'proxy:2'), SERVICE);
    expect(world.calls).toEqual(['0 hasImage app', '0 hasImage proxy']);
    expect(world.logged).toEqual([{
      message: 'the image cannot be looked up, continuing without the check',
      requestId: 'r-1',
      image: `${HOST}/app:1`,
      operation: 'DescribeImages',
      error: `DescribeImages failed: it was ${kind}`,
    }]);
  });

  test.each([failing('transient'), failing('throttled'), new TypeError('a fault of the handler')])('fails with what may pass: %s', async (error) => {
    world.fail('hasImage', error);
    await expect(new PrivateImages(world).requirePresent(withAccess(false, 'app:1'), SERVICE)).rejects.toBe(error);
  });
});

describe('whether images can be pulled', () => {
  /** Asks so many seconds after the request was begun; the role was seen then, if it was. */
  function ask(request: ReturnType<typeof deployRequest>, service: DescribedService, seconds: number, roleSeenSeconds?: number) {
    world.clock.advance(seconds * 1000);
    const progress: Waiting = { phase: 'waiting', startedAt: START, roleSeenAt: roleSeenSeconds === undefined ? undefined : START + roleSeenSeconds * 1000 };
    return new PrivateImages(world).canPull(request, service, progress);
  }

  test('is no question where all of them are public', () => {
    expect(ask(deployRequest({ desired: DESIRED }), SERVICE, 100)).toBe(true);
  });

  test.each([0, 59])('waits for the role of the service after %d s', (seconds) => {
    expect(ask(withAccess(false), SERVICE, seconds)).toBe(false);
  });

  test.each([[60, SERVICE, 'No deployment is active.'], [90, RUNNING, 'Version 3 is still serving.']] as const)('fails after %d s without the role', (seconds, service, serving) => {
    expect(() => ask(withAccess(false), service, seconds)).toThrow(
      'Nothing was deployed to container service "web": its ECR image puller role is inactive, although this stack '
      + `enabled it. ${serving}\nEnable it with: aws lightsail update-container-service --service-name web --private-registry-access `
      + 'ecrImagePullerRole={isActive=true}\nIf its principalArn changed, update the repository policy. Then deploy again.',
    );
  });

  test('a role that the deployment had before has effect', () => {
    expect(ask(withAccess(false), WITH_ROLE, 0)).toBe(true);
  });

  test.each([[5, undefined], [5, 5], [20, 5], [34, 5]])('at %d s, a role that is new and was first seen at %p s has no effect yet', (seconds, roleSeen) => {
    expect(ask(withAccess(true), WITH_ROLE, seconds, roleSeen)).toBe(false);
  });

  test.each([35, 36])('at %d s, a role that is new and was first seen at 5 s has effect', (seconds) => {
    expect(ask(withAccess(true), WITH_ROLE, seconds, 5)).toBe(true);
  });
});

const ELSEWHERE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/repo:1';

function requireOwnRegion(image: string | undefined, regionName: string | undefined): void {
  const service = { containerServiceName: 'web', state: 'READY', location: { regionName } } as DescribedService;
  const request = deployRequest({ desired: { containers: { cache: { image: 'redis' }, app: { image } } } });
  new PrivateImages(new FakeWorld()).requireOwnRegion(request, service);
}

describe('the Region of an image', () => {
  test('is that of the service, or the deployment fails', () => {
    expect(() => requireOwnRegion(ELSEWHERE, 'us-east-1')).toThrow(`Nothing was deployed to container service "web": image ${ELSEWHERE} of container "app" `
      + 'is in a private Amazon ECR repository in eu-west-1, and the service in us-east-1. No deployment is active.\n'
      + 'Lightsail pulls from private repositories of its own Region only. Use a repository in that Region, for example one that ECR replicates '
      + 'the images to. Then deploy again.');
  });

  test.each([
    [ELSEWHERE, 'eu-west-1'],
    [ELSEWHERE, undefined],
    ['nginx:1.27', 'us-east-1'],
    [undefined, 'us-east-1'],
  ])('passes: %s on a service in %s', (image, region) => {
    expect(() => requireOwnRegion(image, region)).not.toThrow();
  });
});
