import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonAnswer {
  readonly status: number;
  readonly body: string;
}

export interface JsonRequest {
  /** The service and the operation: `AmazonSSM.GetParameter`. */
  readonly target: string;
  readonly body: unknown;
}

/** What is answered to a request; nothing at all if undefined. */
export type Respond = (request: JsonRequest, userAgent: string) => JsonAnswer | undefined;

/** An HTTP server on this machine that speaks AWS JSON 1.1, as Secrets Manager, Systems Manager and Amazon ECR do. */
export class JsonServer {
  public static async start(respond?: Respond): Promise<JsonServer> {
    const server = new JsonServer(respond);
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Every request so far. */
  public readonly requests: JsonRequest[] = [];
  /** What is answered where nobody was named who responds; nothing at all if undefined. */
  public answer: JsonAnswer | undefined;

  private readonly http: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const received = { target: String(request.headers['x-amz-target']), body: JSON.parse(body) };
    this.requests.push(received);
    const answer = this.respond(received, request.headers['user-agent'] ?? '');
    if (answer) response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(answer.body);
  });

  private constructor(private readonly respond: Respond = () => this.answer) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }
}

export function result(body: object): JsonAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

/** Secrets Manager writes `Message`, the others `message`. */
export function failure(status: number, type: string, message: string, member = 'message'): JsonAnswer {
  return { status, body: JSON.stringify({ __type: type, [member]: message }) };
}
