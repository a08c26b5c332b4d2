/** A variant that a person chose for a shop's name. */
export interface Chosen {
  readonly variant_id: string;
  readonly name: string;
}
