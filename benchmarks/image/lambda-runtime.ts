import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for the runtime API of Lambda, for one function and one event at a time. Takes the response to CloudFormation, too. */
export class LambdaRuntime {
  public static async start(): Promise<LambdaRuntime> {
    const runtime = new LambdaRuntime();
    await new Promise<void>((resolve) => runtime.server.listen(0, '127.0.0.1', resolve));
    return runtime;
  }

  private readonly server: http.Server;
  private waiting?: http.ServerResponse;
  private onWaiting?: () => void;
  private onDone?: (body: string) => void;
  private reason = '';

  private constructor() {
    this.server = http.createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => this.handle(request.url!, body, response));
    });
  }

  public get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until the function has started. */
  public async ready(): Promise<void> {
    if (!this.waiting) await new Promise<void>((resolve) => { this.onWaiting = resolve; });
  }

  /** Sends an event, and waits until the function has ended. */
  public async invoke(event: object): Promise<void> {
    const done = new Promise<string>((resolve) => { this.onDone = resolve; });
    this.waiting!.writeHead(200, {
      'lambda-runtime-aws-request-id': '1',
      'lambda-runtime-deadline-ms': String(Date.now() + 900_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:copier',
    }).end(JSON.stringify({ ...event, ResponseURL: `http://${this.host}/cloudformation` }));
    this.waiting = undefined;
    const body = await done;
    if (/errorMessage/.test(body) || /"Status":"FAILED"/.test(this.reason)) throw new Error(`The function failed: ${body} ${this.reason}`);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(url: string, body: string, response: http.ServerResponse): void {
    if (url.endsWith('/invocation/next')) {
      this.waiting = response;
      this.onWaiting?.();
      return;
    }
    if (url === '/cloudformation') this.reason = body;
    else this.onDone?.(body);
    response.writeHead(url === '/cloudformation' ? 200 : 202).end();
  }
}
