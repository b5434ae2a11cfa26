import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
// A path without `index` would let tsx use compiled files, if they exist.
import { ContainerServicePower, type ContainerServiceDeployment, type ContainerServiceProps } from '../../lib/index';

/** What serves the pages: no account is needed to pull it. */
export const NGINX = 'public.ecr.aws/nginx/nginx:1.27';
/** A shell, and a server that says what it was given. */
export const BUSYBOX = 'public.ecr.aws/docker/library/busybox:1.37';

/** The smallest and cheapest service, which goes with its stack. */
export const SMALLEST: ContainerServiceProps = { power: ContainerServicePower.NANO, scale: 1, removalPolicy: RemovalPolicy.DESTROY };

/** The command of a web server on port 8080 with one page, which a line of shell makes. */
export function serving(page: string): string[] {
  return ['sh', '-c', `mkdir /www && ${page} > /www/index.html && exec httpd -f -p 8080 -h /www`];
}

/** A stack that is deployed to a real account, with what is asserted of it there. */
export class Scenario {
  public readonly stack: Stack;
  public readonly integ: IntegTest;

  constructor(name: string) {
    const app = new App();
    this.stack = new Stack(app, `LightsailInteg${name}`);
    this.integ = new IntegTest(app, name, {
      testCases: [this.stack],
      diffAssets: false,
      // It would deploy the snapshot first, and snapshots come without their assets.
      stackUpdateWorkflow: false,
    });
  }

  /** Lightsail says that the deployment runs, and the page at its URL has the text. */
  public expectServing(deployment: ContainerServiceDeployment, text: string): void {
    const state = 'containerServices.0.state';
    const deployed = 'containerServices.0.currentDeployment.state';
    // Only these members of the answer are kept: the environment holds the values of secrets.
    const services = this.integ.assertions.awsApiCall('lightsail', 'GetContainerServices', { serviceName: deployment.containerServiceName }, [state, deployed]);
    services.assertAtPath(state, ExpectedResult.stringLikeRegexp('^RUNNING$'));
    services.assertAtPath(deployed, ExpectedResult.stringLikeRegexp('^ACTIVE$'));

    this.expectPage(deployment.url, text);
  }

  /** A URL answers with a page that has the text. New names take a while to be known everywhere. */
  public expectPage(url: string, text: string): void {
    this.integ.assertions.httpApiCall(url)
      .expect(ExpectedResult.objectLike({ status: 200, body: Match.stringLikeRegexp(text) }))
      .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(10) });
  }
}
