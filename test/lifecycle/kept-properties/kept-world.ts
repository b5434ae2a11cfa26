import { PASSWORD, USERNAME } from '../../lambda/image-copy/fake-registry';
import { putImage } from '../../lambda/image-copy/images';
import type { ImageRegistries } from '../aws/image-registries';
import type { CloudFormation } from '../cloudformation/cloudformation';

const WHOLE_SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:kept/whole';

/** What the recorded resources read from other services: secrets, parameters, private images. */
export function putSources(cloud: CloudFormation, registries: ImageRegistries, resources: ReadonlyArray<Readonly<Record<string, unknown>>>): void {
  for (const owner of ['us-east-1:123456789012', 'eu-west-1:111111111111']) {
    cloud.sources.put(`arn:aws:secretsmanager:${owner}:secret:database-AbCdEf`, JSON.stringify({ password: 'p4ssw0rd' }));
  }
  cloud.sources.put('/everything/api-token', 't0ken');
  cloud.sources.put(WHOLE_SECRET, 'wh0le');
  cloud.sources.put('/kept/token:3', PASSWORD);
  cloud.sources.put('arn:aws:secretsmanager:us-east-1:111111111111:secret:login-AbCdEf', JSON.stringify({ username: USERNAME, password: PASSWORD }));
  for (const { Source, EcrImages } of resources) {
    if (typeof Source === 'string') putSource(registries, Source);
    for (const image of Array.isArray(EcrImages) ? EcrImages as unknown[] : []) {
      const [, repository, tag] = /^[^/]+\/([^:]+):([^:]+)$/.exec(String(image)) ?? [];
      if (repository !== undefined) cloud.sources.repositories.set(repository, [tag]);
    }
  }
}

function putSource(registries: ImageRegistries, source: string): void {
  const [, repository, tag] = /^[^/]+\/([^:]+):([^:]+)$/.exec(source)!;
  putImage(registries.source, { repository, tag });
}

/** Versions of an image that somebody pushed by hand, which the recorded deployments name. */
export function registerStored(cloud: CloudFormation, serviceName: string): void {
  for (const digit of ['1', '2', '3']) {
    cloud.emulator.invoke('RegisterContainerImage', { serviceName, label: 'stored', digest: `sha256:${digit.repeat(64)}` });
  }
}
