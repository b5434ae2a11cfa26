import { elements } from './xml';

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** The values, or the target of an alias. */
  readonly values: readonly string[];
  /** Only an alias has one. */
  readonly aliasHostedZoneId?: string;
}

/** As much of Route 53's API as the tests of domains take. */
export class Route53 {
  constructor(private readonly endpoint: string) {}

  /** The names and ids of all hosted zones. */
  public async hostedZones(): Promise<Record<string, string>> {
    const answer = await this.call('GET', 'hostedzone');
    return Object.fromEntries(elements(answer, 'HostedZone').map((zone) => [elements(zone, 'Name')[0], elements(zone, 'Id')[0].replace('/hostedzone/', '')]));
  }

  /** Creates a public hosted zone, and returns its id. */
  public async createHostedZone(name: string): Promise<string> {
    const answer = await this.call('POST', 'hostedzone', '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">'
      + `<Name>${name}</Name><CallerReference>${name}</CallerReference></CreateHostedZoneRequest>`);
    return elements(answer, 'Id')[0].replace('/hostedzone/', '');
  }

  /** The records of a hosted zone, without those that every zone has. */
  public async records(hostedZoneId: string): Promise<DnsRecord[]> {
    const answer = await this.call('GET', `hostedzone/${hostedZoneId}/rrset`);
    return elements(answer, 'ResourceRecordSet').map((record) => ({
      name: elements(record, 'Name')[0],
      type: elements(record, 'Type')[0],
      values: [...elements(record, 'Value'), ...elements(record, 'DNSName')],
      aliasHostedZoneId: elements(record, 'HostedZoneId')[0],
    })).filter(({ type }) => type !== 'NS' && type !== 'SOA');
  }

  private async call(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(`${this.endpoint}/2013-04-01/${path}`, {
      method,
      body,
      headers: {
        // The local cloud checks no signature; the scope in it says which service is meant.
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=0',
      },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Route 53 answered ${response.status}: ${text}`);
    return text;
  }
}
