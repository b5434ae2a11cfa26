import { elements } from './xml';

export interface StackEvent {
  readonly logicalId: string;
  readonly status: string;
  readonly reason: string;
}

/** As much of CloudFormation's API as a look at a stack takes. */
export class CloudFormation {
  constructor(private readonly endpoint: string) {}

  /** The status of a stack, or undefined if there is none of that name. */
  public async stackStatus(stackName: string): Promise<string | undefined> {
    const answer = await this.call('DescribeStacks', stackName);
    const status = answer && elements(answer, 'StackStatus')[0];
    return status === 'DELETE_COMPLETE' ? undefined : status;
  }

  /** What happened to a stack, newest first. */
  public async stackEvents(stackName: string): Promise<StackEvent[]> {
    const answer = await this.call('DescribeStackEvents', stackName) ?? '';
    return elements(answer, 'member').map((member) => ({
      logicalId: elements(member, 'LogicalResourceId')[0] ?? '',
      status: elements(member, 'ResourceStatus')[0] ?? '',
      reason: elements(member, 'ResourceStatusReason')[0] ?? '',
    }));
  }

  private async call(action: string, stackName: string): Promise<string | undefined> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        // The local cloud checks no signature; the scope in it says which service is meant.
        'authorization': 'AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: new URLSearchParams({ Action: action, StackName: stackName, Version: '2010-05-15' }),
    });
    const text = await response.text();
    if (!response.ok && !text.includes('does not exist')) {
      throw new Error(`${action} answered ${response.status}: ${text}`);
    }
    return response.ok ? text : undefined;
  }
}
