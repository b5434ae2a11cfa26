import { answers, describeDelivery, effects } from './chronicle';
import type { Delivery, Entry } from './recorder';
import type { CloudFormation, Deployed } from '../cloudformation/cloudformation';

/** One sentence for each promise about images that is broken. */
export function imageViolations(chronicle: readonly Entry[]): string[] {
  return [...wrongImages(chronicle), ...needlessRegistrations(chronicle), ...unexpectedChanges(chronicle)];
}

/** An image that is copied to the service, beside the deployments. */
export function isOfImage({ event }: Delivery): boolean {
  return event.ResourceType === 'Custom::LightsailContainerImage';
}

/** Whether the image that CloudFormation believes in is there; also of what is no image. */
export function storesImage({ emulator }: CloudFormation, { properties, data }: Deployed): boolean {
  return properties.Source === undefined
    || emulator.images(String(properties.ServiceName)).some(({ image, digest }) => image === data.Image && digest === data.Digest);
}

/** SUCCESS is said only of an image that is registered, once; and after a Delete only what runs is left of its label. */
function wrongImages(chronicle: readonly Entry[]): string[] {
  const successes = answers(chronicle).filter(({ delivery, answer }) => isOfImage(delivery) && answer.status === 'SUCCESS');
  return successes.flatMap(({ delivery, answer, service, images }) => {
    const { RequestType, ResourceProperties: { ServiceName, Label } } = delivery.event;
    const ofLabel = images.filter(({ image }) => labelOf(image) === Label);
    if (RequestType === 'Delete') {
      // The framework does not even ask the handler about a create that failed.
      if (answer.physicalResourceId?.endsWith('CREATE_FAILED')) return [];
      const used = [service?.currentDeployment, service?.nextDeployment]
        .flatMap((deployment) => Object.values(deployment?.containers ?? {}).map(({ image }) => image));
      return ofLabel.filter(({ image }) => !used.includes(image)).map(({ image }) => `${describeDelivery(delivery)} left ${image} behind`);
    }
    const registered = ofLabel.find(({ image }) => image === answer.data?.Image);
    const twins = ofLabel.filter(({ digest }) => digest === answer.data?.Digest);
    return [
      !registered && `${String(answer.data?.Image)} is not registered`,
      registered?.digest !== answer.data?.Digest && `${registered?.image} has the digest ${registered?.digest}`,
      !String(answer.data?.Image).endsWith(`.${String(answer.data?.Version)}`) && `its data were ${JSON.stringify(answer.data)}`,
      twins.length > 1 && `its content is registered ${twins.length} times`,
      answer.physicalResourceId !== `${String(ServiceName)}/${String(Label)}` && 'the physical id is not of the service and the label',
    ].filter((fault) => typeof fault === 'string').map((fault) => `${describeDelivery(delivery)} was a SUCCESS, but ${fault}`);
  });
}

/** A rollback finds its image. It registers nothing. */
function needlessRegistrations(chronicle: readonly Entry[]): string[] {
  return effects(chronicle).filter(({ operation, by }) => operation === 'RegisterContainerImage' && by.isRollBack)
    .map(({ by }) => `${describeDelivery(by)} registered an image in a rollback`);
}

/** Only images of the resource's own label are changed, and a Delete registers none. */
function unexpectedChanges(chronicle: readonly Entry[]): string[] {
  return effects(chronicle).filter(({ by }) => isOfImage(by)).filter(({ operation, input, by: { event: { RequestType, ResourceProperties } } }) => {
    const label = input.label ?? labelOf(String(input.image));
    const isOfLabel = input.serviceName === ResourceProperties.ServiceName && label === ResourceProperties.Label;
    return operation !== 'CreateContainerServiceRegistryLogin' && !(operation === 'DeleteContainerImage' && isOfLabel)
      && !(operation === 'RegisterContainerImage' && isOfLabel && RequestType !== 'Delete');
  }).map(({ operation, input, by }) => `${describeDelivery(by)} had ${operation} ${JSON.stringify(input)} done`);
}

/** The label in `:service.label.N`. */
function labelOf(image: string): string | undefined {
  return /^:[^.]+\.([^.]+)\.\d+$/.exec(image)?.[1];
}
