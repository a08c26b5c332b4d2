// The register in a browser: commands by POST, changes by server-sent events. At the till nothing more
// is needed; a paired device sends its token with both.

import type { Changed, FileView, PairedDevice } from "../bindings/api";
import { lastingClient } from "./client";
import { download } from "./download";
import { readEvents } from "./stream";
import {
  CUSTOMER_PAGE,
  isRefusal,
  Refused,
  Unreachable,
  type CommandName,
  type Platform,
  type ReplyOf,
  type RequestOf,
} from "./types";

/** Longer than any command takes; after it the answer counts as lost. */
const ANSWER_MS_MAX = 20_000;
const RECONNECT_MS_MIN = 500;
const RECONNECT_MS_MAX = 5_000;
/** The register says every 15 seconds that it is there. */
const SILENCE_MS_MAX = 40_000;
const UNAUTHORIZED = 401;

export class HttpPlatform implements Platform {
  readonly client: string;
  readonly #device: PairedDevice | null;
  readonly #letOut: () => void;
  readonly #changed = new Set<(change: Changed) => void>();
  readonly #connection = new Set<(up: boolean) => void>();
  #events: EventSource | null = null;
  #listening = false;
  #wait = RECONNECT_MS_MIN;

  /**
   * @param device what a tablet was let in with; null at the till.
   * @param letOut is told when the register does not let it in any more.
   */
  constructor(device: PairedDevice | null = null, letOut: () => void = () => undefined) {
    this.#device = device;
    this.#letOut = letOut;
    this.client = device?.client ?? lastingClient();
  }

  async call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>> {
    let status: number;
    let reply: unknown;
    try {
      const response = await fetch(`/rpc/${name}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Countertop-Client": this.client,
          ...this.#token(),
        },
        body: JSON.stringify(request),
        cache: "no-store",
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      status = response.status;
      reply = await response.json();
    } catch (cause) {
      throw new Unreachable(cause);
    }
    if (status === 200) return reply as ReplyOf<K>;
    if (status === UNAUTHORIZED) this.#letOut();
    if (isRefusal(reply)) throw new Refused(reply);
    throw new Unreachable(`status ${status}`);
  }

  onChanged(listener: (change: Changed) => void): () => void {
    this.#changed.add(listener);
    this.#connect();
    return () => this.#changed.delete(listener);
  }

  onConnection(listener: (up: boolean) => void): () => void {
    this.#connection.add(listener);
    this.#connect();
    return () => this.#connection.delete(listener);
  }

  onLinkRefused(): () => void {
    // Links come to a browser by its address, and their answer comes to whoever handed them in.
    return () => undefined;
  }

  async callBack(request_id: string, address: string, away: boolean): Promise<boolean> {
    const web = /^https?:/i.test(address);
    if (web && !away) {
      // The till stays where it is. A browser allows this after a tap, and may refuse it otherwise.
      const opened = window.open(address, "_blank");
      if (!opened) return false;
      opened.opener = null;
      await this.call("requests.called_back", { request_id });
      return true;
    }
    // Noted first: a page that is left does nothing any more.
    await this.call("requests.called_back", { request_id });
    location.assign(address);
    return true;
  }

  openFile(file: FileView): Promise<void> {
    download(file);
    return Promise.resolve();
  }

  openDisplay(): Promise<void> {
    window.open(CUSTOMER_PAGE, "countertop-display");
    return Promise.resolve();
  }

  #token(): Record<string, string> {
    return this.#device ? { Authorization: `Bearer ${this.#device.token}` } : {};
  }

  #connect(): void {
    if (this.#device) {
      if (!this.#listening) void this.#listen();
      return;
    }
    if (this.#events || typeof EventSource === "undefined") return;
    const events = new EventSource("/events");
    this.#events = events;
    events.onopen = () => this.#found();
    events.onmessage = (message: MessageEvent<string>) => this.#take(message.data);
    // A browser gives up for good on some errors, so every new attempt is made here.
    events.onerror = () => {
      events.close();
      this.#events = null;
      this.#lost();
    };
  }

  /** Hears of changes with a token, until the stream is lost. */
  async #listen(): Promise<void> {
    this.#listening = true;
    const silence = new AbortController();
    let late = setTimeout(() => silence.abort(), SILENCE_MS_MAX);
    try {
      const { signal } = silence;
      const response = await fetch("/events", {
        headers: this.#token(),
        cache: "no-store",
        signal,
      });
      if (response.status === UNAUTHORIZED) this.#letOut();
      if (response.ok && response.body) {
        this.#found();
        // A tablet that slept, or left the network, would otherwise wait for ever.
        const heard = () => {
          clearTimeout(late);
          late = setTimeout(() => silence.abort(), SILENCE_MS_MAX);
        };
        await readEvents(response.body, (data) => this.#take(data), heard);
      }
    } catch {
      // Lost like any other way.
    }
    clearTimeout(late);
    this.#listening = false;
    this.#lost();
  }

  #take(data: string): void {
    const change = JSON.parse(data) as Changed;
    this.#changed.forEach((listener) => listener(change));
  }

  #found(): void {
    this.#wait = RECONNECT_MS_MIN;
    this.#connection.forEach((listener) => listener(true));
  }

  #lost(): void {
    this.#connection.forEach((listener) => listener(false));
    setTimeout(() => this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, RECONNECT_MS_MAX);
  }
}
