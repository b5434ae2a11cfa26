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
  readonly containerName?: string;
  /** Masked, oldest first. */
  readonly containerLog?: readonly string[];
}

export type Log = (message: string, fields?: LogFields) => void;

/** One JSON object a line. */
export const jsonLog: Log = (message, fields = {}) => console.log(JSON.stringify({ message, ...fields }));
