import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const IMAGE_TYPE = 'Custom::LightsailContainerImage';
export const DEPLOYMENT_TYPE = 'Custom::LightsailContainerServiceDeployment';

/** Directories with a Dockerfile, which are removed after the tests. */
export class Directories {
  private readonly made: string[] = [];

  public make(dockerfile: string | null = 'Dockerfile', text = 'FROM scratch\n'): string {
    const directory = mkdtempSync(join(tmpdir(), 'cdk-lightsail-image-'));
    this.made.push(directory);
    if (dockerfile !== null) writeFileSync(join(directory, dockerfile), text);
    return directory;
  }

  public remove(): void {
    this.made.forEach((directory) => rmSync(directory, { recursive: true, force: true }));
  }
}

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
}

export function resourcesOf(stack: Stack): Record<string, Resource> {
  return Template.fromStack(stack).toJSON().Resources;
}

export function imagesIn(stack: Stack): Array<[logicalId: string, resource: Resource]> {
  return Object.entries(resourcesOf(stack)).filter(([, { Type }]) => Type === IMAGE_TYPE);
}

/** The statements of all policies of the role of the function with this description. */
export function statementsOf(stack: Stack, description: RegExp): any[] {
  const resources = resourcesOf(stack);
  const handlers = Object.values(resources).filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function'
    && Properties.Handler === 'index.handler' && description.test(Properties.Description));
  const roles = handlers.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);
  return Object.values(resources).filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && Properties.Roles.some(({ Ref }: any) => roles.includes(Ref)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

export const COPIER = /container images/;
export const DEPLOYER = /deployments/;

export function actionsOf(statements: any[]): string[] {
  return statements.flatMap(({ Action }) => Action).sort();
}
