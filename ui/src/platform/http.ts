// The register in a browser: commands by POST, changes by server-sent events.

import type { Changed, FileView } from "../bindings/api";
import { lastingClient } from "./client";
import { download } from "./download";
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

export class HttpPlatform implements Platform {
  readonly client = lastingClient();
  readonly #changed = new Set<(change: Changed) => void>();
  readonly #connection = new Set<(up: boolean) => void>();
  #events: EventSource | null = null;
  #wait = RECONNECT_MS_MIN;

  async call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>> {
    let status: number;
    let reply: unknown;
    try {
      const response = await fetch(`/rpc/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Countertop-Client": this.client },
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

  #connect(): void {
    if (this.#events || typeof EventSource === "undefined") return;
    const events = new EventSource("/events");
    this.#events = events;
    events.onopen = () => {
      this.#wait = RECONNECT_MS_MIN;
      this.#connection.forEach((listener) => listener(true));
    };
    events.onmessage = (message: MessageEvent<string>) => {
      const change = JSON.parse(message.data) as Changed;
      this.#changed.forEach((listener) => listener(change));
    };
    // A browser gives up for good on some errors, so every new attempt is made here.
    events.onerror = () => {
      events.close();
      this.#events = null;
      this.#connection.forEach((listener) => listener(false));
      setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, RECONNECT_MS_MAX);
    };
  }
}
