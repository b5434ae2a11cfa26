/** The fields that may be logged: nothing of a container but its name, and never the event or its ResponseURL. */
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
  readonly reason?: string;
}

export type Log = (message: string, fields?: LogFields) => void;

/** One JSON object a line. */
export const jsonLog: Log = (message, fields = {}) => console.log(JSON.stringify({ message, ...fields }));
