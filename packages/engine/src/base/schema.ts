/** Whatever can check an unknown value and give it a type: a zod schema, or a function in an object. */
export interface Schema<T> {
  parse(value: unknown): T;
}

/** A plain record that someone assembles and passes in; nothing registers itself. */
export type Catalog<T> = Readonly<Record<string, T>>;
