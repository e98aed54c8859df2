/*
 * The little of the WebAssembly interface that the kernels use, declared here because neither the language's
 * library nor Node's types declare it without the DOM.
 */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyHost };

const PAGE = 65536;
const LIMIT = 2 ** 32;

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** A fresh instance, with its own memory, of a module given as base64. */
export const instantiate = <Exports>(text: string): Exports => new WebAssembly.Instance(new WebAssembly.Module(fromBase64(text))).exports as Exports;

/** Make the memory at least `bytes` long. Views made before are void afterwards. */
export function growTo(memory: Memory, bytes: number): void {
  if (bytes > LIMIT) throw new RangeError(`operands too large: ${(bytes / 2 ** 30).toFixed(1)} GiB — kernels address at most 4 GiB`);
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

/** Hands out addresses before the memory is made, so that views are made once, after all growing. */
export function layout(start: number): { take(bytes: number): number; size(): number } {
  let next = start;
  return {
    take(bytes) {
      const at = next;
      next += Math.ceil(bytes / 64) * 64;
      return at;
    },
    size: () => next,
  };
}
