// @ts-check
/**
 * One event stream that stays up: whatever ends it, the next attempt comes within a second, then at most every five.
 * The server beats every 15 s, so a stream that only looks alive (sleep, a changed network) is known by its silence.
 */

/** @typedef {import('../core/types.js').StreamState} StreamState */

const EVENTS = ['snapshot', 'card', 'call', 'missed', 'row', 'promise', 'due', 'contact', 'number', 'task'];
/** Two beats and a bit. */
const DEAD_MS = 35_000;
/** A stream begins with a snapshot at once; one that stays mute this long stands on a dead connection. */
const MUTE_MS = 6_000;
const TICK_MS = 2_000;
/** A tick this late means that the machine slept or the page was frozen (hidden pages tick once a minute). */
const SLEPT_MS = 75_000;

export class Stream {
  /**
   * @param {{
   *   hear: (event: string, data: any) => void,
   *   become: (state: StreamState) => void,
   *   signedIn: () => Promise<boolean>,
   * }} owner signedIn is asked when a stream is refused: false ends the attempts
   */
  constructor(owner) {
    this.owner = owner;
    this.path = '/api/live';
    /** @type {EventSource|null} */
    this.source = null;
    /** @type {StreamState|null} */
    this.state = null;
    this.failures = 0;
    this.heardAt = 0;
    this.isMute = true;
    this.tickedAt = Date.now();
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.retry = undefined;
    setInterval(() => this.tick(), TICK_MS);
  }

  /** @param {string} path */
  watch(path) {
    if (path === this.path && this.source) return;
    this.path = path;
    this.open();
  }

  /** Opens a new stream in place of the old one, which goes on until then. */
  open() {
    clearTimeout(this.retry);
    this.source?.close();
    const source = new EventSource(this.path);
    this.source = source;
    this.heardAt = Date.now();
    this.isMute = true;
    if (this.state === null || this.state === 'signed-out') this.become('connecting');
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => this.hear(source, event, message));
    }
    source.addEventListener('beat', () => this.heard(source));
    source.addEventListener('bye', () => this.fail(source));
    source.addEventListener('error', () => this.fail(source));
  }

  /**
   * Something happened after which the stream may be dead without knowing it.
   * @param {number} quietMs how long nothing may have been heard for the stream to be trusted still
   */
  doubt(quietMs) {
    if (this.state === 'signed-out' || Date.now() - this.heardAt >= quietMs) this.open();
  }

  /** @param {EventSource} source */
  heard(source) {
    if (source !== this.source) return;
    this.heardAt = Date.now();
    this.isMute = false;
    this.failures = 0;
    this.become('live');
  }

  /** @param {EventSource} source @param {string} event @param {Event} message */
  hear(source, event, message) {
    if (source !== this.source) return;
    this.heard(source);
    this.owner.hear(event, JSON.parse(/** @type {MessageEvent} */ (message).data));
  }

  /** @param {EventSource} source */
  async fail(source) {
    if (source !== this.source) return;
    source.close();
    this.source = null;
    const attempt = this.failures++;
    const wait = attempt === 0 ? 100 + Math.random() * 700 : Math.min(5000, 1000 * 2 ** (attempt - 1)) * (0.6 + Math.random() * 0.4);
    this.retry = setTimeout(() => this.open(), wait);
    if (attempt > 0) this.become('offline');
    if (!(await this.owner.signedIn()) && this.source === null) {
      this.end();
    }
  }

  /** Nobody is signed in any more. */
  end() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
    this.become('signed-out');
  }

  tick() {
    const now = Date.now();
    const slept = now - this.tickedAt > SLEPT_MS;
    this.tickedAt = now;
    if (!this.source || this.state === 'signed-out') return;
    if (slept) this.open();
    else if (now - this.heardAt > DEAD_MS) {
      this.become('offline');
      this.open();
    } else if (this.isMute && now - this.heardAt > MUTE_MS) this.fail(this.source);
  }

  /** @param {StreamState} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.owner.become(state);
  }
}
