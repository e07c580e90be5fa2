/// Does something again and again while the page is seen: at once, and then some seconds after it was done.

export class Poll {
  readonly #work: () => Promise<void>;
  readonly #pause: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #busy = false;
  #stopped = true;
  /// It was asked for while it was done.
  #again = false;

  /// `pause` is in milliseconds. What `work` throws is a defect of the page.
  constructor(work: () => Promise<void>, pause: number) {
    this.#work = work;
    this.#pause = pause;
    document.addEventListener("visibilitychange", () => {
      if (!this.#stopped && document.visibilityState === "visible") this.now();
    });
  }

  start(): void {
    this.#stopped = false;
    this.now();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /// Does it now, and not when its time has come; once more if it is being done.
  now(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#busy) this.#again = true;
    else void this.#round();
  }

  async #round(): Promise<void> {
    if (document.visibilityState !== "visible") return;
    this.#busy = true;
    try {
      await this.#work();
    } finally {
      this.#busy = false;
      if (this.#again && !this.#stopped) {
        this.#again = false;
        this.now();
      } else if (!this.#stopped) {
        this.#timer = setTimeout(() => this.now(), this.#pause);
      }
    }
  }
}
