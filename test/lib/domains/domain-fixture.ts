import { App, CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { IConstruct } from 'constructs';
import { ContainerService, ContainerServicePower, type ContainerServiceProps } from '../../../lib';

export const CERTIFICATE = 'AWS::Lightsail::Certificate';
export const CONTAINER = 'AWS::Lightsail::Container';
export const RECORD = 'AWS::Route53::RecordSet';
export const RECORDS = 'Custom::LightsailCertificateRecords';
export const CHANGE = 'Custom::LightsailDomainChange';
export const VALIDATION = 'Custom::LightsailCertificateValidation';

/** An app with a stack, a hosted zone for example.com and helpers. */
export class DomainFixture {
  public readonly app: App;
  public readonly stack: Stack;
  public readonly zone: route53.IHostedZone;

  constructor(props: StackProps = {}, context: Record<string, unknown> = {}) {
    this.app = new App({ context });
    this.stack = new Stack(this.app, 'Stack', props);
    this.zone = this.zoneOf('example.com');
  }

  public zoneOf(zoneName: string, scope = this.stack): route53.IHostedZone {
    return route53.HostedZone.fromHostedZoneAttributes(scope, `Zone-${zoneName}`, { hostedZoneId: `Z${zoneName.toUpperCase().replace(/\W/g, '')}`, zoneName });
  }

  public service(props: Partial<ContainerServiceProps> = {}, id = 'Service', scope = this.stack): ContainerService {
    return new ContainerService(scope, id, { power: ContainerServicePower.NANO, ...props });
  }

  public template(stack = this.stack): Template {
    return Template.fromStack(stack);
  }

  /** The properties of all resources of a type, with references to `<logical id>`. */
  public all(type: string, stack = this.stack): Record<string, any>[] {
    return Object.values(this.template(stack).findResources(type)).map(({ Properties }) => Properties);
  }

  public only(type: string, stack = this.stack): Record<string, any> {
    const [first, ...others] = this.all(type, stack);
    if (!first || others.length > 0) throw new Error(`one ${type} expected, found ${first ? others.length + 1 : 0}`);
    return first;
  }

  /** The logical ids of the resources that must exist before a resource, by references and DependsOn, in all steps. */
  public before(logicalId: string, stack = this.stack): Set<string> {
    const { Resources: resources } = this.template(stack).toJSON() as { Resources: Record<string, unknown> };
    const found = new Set<string>();
    const visit = (id: string) => {
      for (const other of referencesIn(resources[id])) {
        if (other in resources && !found.has(other)) {
          found.add(other);
          visit(other);
        }
      }
    };
    visit(logicalId);
    return found;
  }

  /** The logical id of the only resource of a type whose properties contain a text. */
  public idOf(type: string, text = '', stack = this.stack): string {
    const found = Object.entries(this.template(stack).findResources(type)).filter(([, resource]) => JSON.stringify(resource).includes(text));
    if (found.length !== 1) throw new Error(`one ${type} with ${text} expected, found ${found.length}`);
    return found[0][0];
  }
}

/** The paths of all resources of the app. */
export function resourcesIn(scope: IConstruct): string[] {
  return scope.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).map(({ node }) => node.path);
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [item as string];
    if (key === 'Fn::GetAtt') return [(item as string[])[0]];
    return key === 'DependsOn' ? [item].flat() as string[] : referencesIn(item);
  });
}
