import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface QueryAnswer {
  readonly status: number;
  readonly body: string;
}

export interface QueryRequest {
  /** Among them the operation, as `Action`. */
  readonly parameters: Record<string, string>;
  readonly userAgent: string;
}

/** What is answered to a request; nothing at all if undefined. */
export type Respond = (request: QueryRequest) => QueryAnswer | undefined;

/** An HTTP server on this machine that speaks the AWS Query protocol, as CloudFormation does. */
export class QueryServer {
  public static async start(respond: Respond): Promise<QueryServer> {
    const server = new QueryServer(respond);
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  public readonly requests: QueryRequest[] = [];
  private closed?: Promise<void>;

  private readonly http: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const received = { parameters: Object.fromEntries(new URLSearchParams(body)), userAgent: request.headers['user-agent'] ?? '' };
    this.requests.push(received);
    const answer = this.respond(received);
    if (answer) response.writeHead(answer.status, { 'Content-Type': 'text/xml' }).end(answer.body);
  });

  private constructor(private readonly respond: Respond) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** May be called again. */
  public async stop(): Promise<void> {
    this.closed ??= new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
    await this.closed;
  }
}

/** An answer as AWS documents it: the result of an operation in an envelope with the request's id. */
export function result(operation: string, xml: string): QueryAnswer {
  return {
    status: 200,
    body: `<${operation}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <${operation}Result>${xml}</${operation}Result>
  <ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata>
</${operation}Response>`,
  };
}

export function failure(status: number, code: string, message: string): QueryAnswer {
  return {
    status,
    body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId>
</ErrorResponse>`,
  };
}
