/**
 * The power of a container service: the memory and vCPUs of each of its nodes, and their price.
 *
 * `aws lightsail get-container-service-powers` lists the size and price of each power.
 *
 * Lightsail API: `ContainerServicePowerName`.
 */
export class ContainerServicePower {
  /** Lightsail's power `nano`, the smallest. */
  public static readonly NANO = ContainerServicePower.of('nano');

  /** Lightsail's power `micro`. */
  public static readonly MICRO = ContainerServicePower.of('micro');

  /** Lightsail's power `small`. */
  public static readonly SMALL = ContainerServicePower.of('small');

  /** Lightsail's power `medium`. */
  public static readonly MEDIUM = ContainerServicePower.of('medium');

  /** Lightsail's power `large`. */
  public static readonly LARGE = ContainerServicePower.of('large');

  /** Lightsail's power `xlarge`, the largest. */
  public static readonly XLARGE = ContainerServicePower.of('xlarge');

  /**
   * A power by its name: one that this class does not list, or one that is known only at deploy time.
   *
   * The name is checked when the power is used in a container service.
   *
   * @param name the name of the power in Lightsail: lower-case letters and digits. Use the name (`nano`), not the id (`nano-1`)
   */
  public static of(name: string): ContainerServicePower {
    return new ContainerServicePower(name);
  }

  private constructor(
    /**
     * The name of the power in the Lightsail API.
     */
    public readonly name: string,
  ) {}
}
