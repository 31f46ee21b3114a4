/** Compiles the kernel and returns the module's bytes. Throws with the compiler's findings. */
export function compileKernel(): Promise<Uint8Array>;

/** The kernel for programs that run from the sources: built into .cache when the sources have changed. Returns the file. */
export function cachedKernel(): Promise<string>;
