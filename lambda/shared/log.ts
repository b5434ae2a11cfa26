import { withoutControls } from './reasons/plain-text';

/** The fields that can be logged: never the event, its ResponseURL or the value of an environment variable. */
export interface LogFields {
  readonly requestType?: string;
  readonly requestId?: string;
  readonly serviceName?: string;
  readonly serviceState?: string;
  readonly stateDetail?: string;
  readonly version?: number;
  readonly baselineVersion?: number;
  readonly deploymentState?: string;
  readonly operation?: string;
  readonly error?: string;
  readonly url?: string;
  readonly answer?: string;
  readonly reason?: string;
  readonly image?: string;
  readonly certificateName?: string;
  readonly certificateStatus?: string;
  /** CNAME records, one each: its name and its value are public in the DNS. */
  readonly records?: readonly string[];
  readonly digest?: string;
  readonly layers?: number;
  readonly bytes?: number;
  readonly missingLayers?: number;
  readonly missingBytes?: number;
  readonly containerName?: string;
  /** Masked, oldest first. */
  readonly containerLog?: readonly string[];
}

export type Log = (message: string, fields?: LogFields) => void;

/**
 * Logs one JSON object a line, so that CloudWatch Logs Insights finds its fields. With `LoggingFormat.JSON` Lambda's runtime makes
 * the JSON: it turns an object into fields (`message.serviceName`), but a string of JSON into one quoted string. In plain text it
 * would print an object in Node's own notation.
 */
export const jsonLog: Log = (message, fields = {}) => {
  const entry = Object.fromEntries(Object.entries({ message, ...fields }).map(([name, value]) => [name, shown(value)]));
  console.log(process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON' ? entry : JSON.stringify(entry));
};

/** JSON does not escape every character that a terminal obeys. */
function shown(value: string | number | readonly string[] | undefined): typeof value {
  if (typeof value === 'string') return withoutControls(value);
  return Array.isArray(value) ? value.map(withoutControls) : value;
}
