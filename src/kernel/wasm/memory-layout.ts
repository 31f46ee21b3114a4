import { type LinearMemory, PAGE_BYTES } from './web-assembly.js';

/** The kernel copies in steps of 16 bytes and may run over the end of an arena by less than this. */
const SLACK = 64;
const ALIGN = 16;

/** Lays arenas one behind the other in a linear memory, from an address on. */
export class MemoryLayout {
  #end: number;

  constructor(from: number) {
    this.#end = from;
  }

  /** First address behind the arenas so far. */
  get end(): number {
    return this.#end;
  }

  /** Addresses of new arenas with these numbers of bytes, in this order. */
  arenas<Name extends string>(bytes: Readonly<Record<Name, number>>): Record<Name, number> {
    const places = { ...bytes } as Record<Name, number>;
    for (const name of Object.keys(bytes) as Name[]) {
      places[name] = this.#end;
      this.#end = Math.ceil((this.#end + bytes[name] + SLACK) / ALIGN) * ALIGN;
    }
    return places;
  }

  /** Makes `memory` large enough. Pages that are never written take no memory of the machine. */
  fit(memory: LinearMemory): void {
    const missing = this.#end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}
