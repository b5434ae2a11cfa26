import { Power, PowerShape } from '../api/shapes';

/** Names and ids are known; the figures are those of a price list of the past, and nothing depends on them. */
export const DEFAULT_POWERS: readonly PowerShape[] = [
  power('nano', 7, 0.25, 0.5),
  power('micro', 10, 0.25, 1),
  power('small', 15, 0.5, 1),
  power('medium', 40, 1, 2),
  power('large', 80, 2, 4),
  power('xlarge', 160, 4, 8),
];

function power(name: Power, price: number, cpuCount: number, ramSizeInGb: number): PowerShape {
  return { powerId: `${name}-1`, price, cpuCount, ramSizeInGb, name, isActive: true };
}
