import { IncomingHttpHeaders } from 'node:http';
import { Fault } from '../faults/faults';

/** What became of a request. */
export interface RequestOutcome {
  /** Missing where no answer was sent. */
  readonly status?: number;
  /** The exception that was answered. */
  readonly errorName?: string;
  /** What a test had go wrong. */
  readonly fault?: Fault['kind'];
}

/** One request as it reached the emulator. */
export interface RequestRecord {
  /** Empty if the request named none. */
  readonly operation: string;
  /** As it came, before it was checked. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly userAgent: string;
  /** The application id in the user agent (`AWS_SDK_UA_APP_ID`), which distinguishes callers. */
  readonly functionTag?: string;
  readonly accessKeyId?: string;
  /** The Region that the request was signed for. */
  readonly region?: string;
  readonly requestId: string;
  /** Milliseconds on the emulator's clock. */
  readonly at: number;
  /** Missing as long as the request is not answered. */
  readonly outcome?: RequestOutcome;
}

/** What the `Authorization` header contains. The signature is not verified: the emulator knows no secret keys. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
}

export function signatureOf(headers: IncomingHttpHeaders): Signature | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/lightsail\/aws4_request,/.exec(headers.authorization ?? '');
  return match ? { accessKeyId: match[1], region: match[2] } : undefined;
}

export function functionTagOf(userAgent: string): string | undefined {
  return /(?:^|\s)app\/(\S+)/.exec(userAgent)?.[1];
}
