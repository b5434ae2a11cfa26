import { Aws, CfnMapping, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The hosted zone of the default domain names of container services, by Region.
 * AWS documentation: "Route traffic for a domain to a Lightsail container service" (Amazon Lightsail User Guide).
 */
const HOSTED_ZONE_IDS: Readonly<Record<string, string>> = {
  'us-east-1': 'Z06246771KYU0IRHI74W4',
  'us-east-2': 'Z10362273VJ548563IY84',
  'us-west-2': 'Z0959753D43BBB908BAV',
  'ca-central-1': 'Z10450993RIRIJJUUMA5W',
  'sa-east-1': 'Z06385701RRVJGO1IDVWQ',
  'eu-central-1': 'Z06137433FV04OY4EC6L0',
  'eu-north-1': 'Z016970523TDG2TZMUXKK',
  'eu-south-2': 'Z09429752610EUUODCNMZ',
  'eu-west-1': 'Z0624732FELAMMKW3Y21',
  'eu-west-2': 'Z0624918ZXDYQZLOXA66',
  'eu-west-3': 'Z09594631DSW2QUR7CFGO',
  'ap-east-1': 'Z08783602ZZF1Q7DYQZ4Q',
  'ap-northeast-1': 'Z0626125UAU4JWQ9JSKN',
  'ap-northeast-2': 'Z06260262XZM84B2WPLHH',
  'ap-south-1': 'Z10460781IQMISS0I0VVY',
  'ap-southeast-1': 'Z0625921354DRJH4EY9V0',
  'ap-southeast-2': 'Z09597943PQQZATPFE96E',
  'ap-southeast-3': 'Z03072883T5HFTY4T7CDL',
  'ap-southeast-5': 'Z09430204C5DXNNO314Y',
};

const MAPPING_ID = 'LightsailContainerServiceHostedZones';
const KEY = 'id';

/** The Regions whose hosted zone is known. */
export const REGIONS_WITH_HOSTED_ZONE: readonly string[] = Object.keys(HOSTED_ZONE_IDS);

/**
 * The Region of a service, if it is known: if the service has none that is known, that of the stack that uses it.
 *
 * @param scope what uses the service
 */
export function regionOf(serviceRegion: string, scope: IConstruct): string | undefined {
  return [serviceRegion, Stack.of(scope).region].find((region) => !Token.isUnresolved(region));
}

/** The id of the hosted zone of a Region of `REGIONS_WITH_HOSTED_ZONE`, or of the Region of the stack of `scope`. */
export function hostedZoneIdOf(region: string | undefined, scope: IConstruct): string {
  if (region !== undefined) return HOSTED_ZONE_IDS[region];

  const stack = Stack.of(scope);
  const mapping = stack.node.tryFindChild(MAPPING_ID) as CfnMapping | undefined ?? new CfnMapping(stack, MAPPING_ID, {
    mapping: Object.fromEntries(Object.entries(HOSTED_ZONE_IDS).map(([name, id]) => [name, { [KEY]: id }])),
  });
  return mapping.findInMap(Aws.REGION, KEY);
}
