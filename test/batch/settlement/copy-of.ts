// A copy of everything a value leads to, with its classes: for a side of the sandbox that is to go on twice from one moment. Functions are shared, not copied.

/** See the file's head. What is reached on two ways is copied once. */
export function copyOf<Value>(value: Value, copies: Map<unknown, unknown> = new Map()): Value {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known as Value;
  const copy: object = value instanceof Map ? new Map() : Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  copies.set(value, copy);
  if (value instanceof Map && copy instanceof Map) for (const [key, one] of value) copy.set(key, copyOf(one, copies));
  else for (const [name, one] of Object.entries(value)) Object.assign(copy, { [name]: copyOf(one, copies) });
  return copy as Value;
}
