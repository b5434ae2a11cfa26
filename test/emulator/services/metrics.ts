import { Ids } from './ids';
import { errors } from '../api/errors';
import { epochSeconds } from '../api/shapes';

export type MetricStatistic = 'Minimum' | 'Maximum' | 'Sum' | 'Average' | 'SampleCount';

export interface MetricQuery {
  readonly serviceName: string;
  readonly metricName: 'CPUUtilization' | 'MemoryUtilization';
  /** Epoch seconds. */
  readonly startTime: number;
  readonly endTime: number;
  readonly period: number;
  readonly statistics: readonly MetricStatistic[];
}

export interface MetricDatapoint {
  readonly timestamp: number;
  readonly unit: 'Percent';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly sum?: number;
  readonly average?: number;
  readonly sampleCount?: number;
}

/** CloudWatch answers at most as many datapoints to one request. */
const MAX_DATAPOINTS = 1440;

/** One datapoint per period in which the service was there. The figures are made up, but the same each time. */
export function metricData(query: MetricQuery, createdAt: number, now: number, ids: Ids): MetricDatapoint[] {
  const { startTime, endTime, period } = query;
  if (startTime >= endTime) {
    throw errors.timeRange();
  }
  if (period % 60 !== 0) {
    throw errors.metricPeriod(period);
  }
  const datapoints: MetricDatapoint[] = [];
  const first = Math.ceil(Math.max(startTime, createdAt / 1000) / period) * period;
  const last = Math.min(endTime, now / 1000);
  for (let timestamp = first; timestamp < last && datapoints.length < MAX_DATAPOINTS; timestamp += period) {
    datapoints.push(datapoint(query, timestamp, ids));
  }
  return datapoints;
}

function datapoint(query: MetricQuery, timestamp: number, ids: Ids): MetricDatapoint {
  const sampleCount = query.period / 60;
  const average = Math.round(ids.fraction(`${query.serviceName}/${query.metricName}/${timestamp}`) * 1000) / 10;
  const values: Record<MetricStatistic, Partial<MetricDatapoint>> = {
    Minimum: { minimum: average / 2 },
    Maximum: { maximum: (average + 100) / 2 },
    Sum: { sum: average * sampleCount },
    Average: { average },
    SampleCount: { sampleCount },
  };
  return Object.assign({ timestamp: epochSeconds(timestamp * 1000), unit: 'Percent' as const }, ...query.statistics.map((name) => values[name]));
}
