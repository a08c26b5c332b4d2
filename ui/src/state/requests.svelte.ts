// Payments that other apps ask for: what waits for an answer, what is being paid, and what an app is
// told at the end. The register decides; this shows its words and carries the person's.

import type {
  OpenRequests,
  RequestEnd,
  RequestReceived,
  RequestView,
  SaleView,
} from "../bindings/api";
import { t } from "../messages";
import type { Platform } from "../platform/types";
import type { Cart } from "./cart.svelte";

const NOBODY: OpenRequests = { current: null, waiting: 0 };
/** What a page's own address hands in: a link of another program, whole. */
const HANDED_IN = "#/request/";
/** Requests that another page led here with: that page gets its reply in this very tab. */
const LED_HERE = "countertop.led_here";
/** Past its time a request is asked about again this much later, so that the register agrees. */
const PAST_MS = 250;
/** What a timer can wait for at most. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const KEY_OF = {
  asked: "request.status",
  away: "request.status.away",
  doubt: "request.doubt",
} as const;

/** How a request ended, while the screen says so. */
export interface Ended {
  readonly request: RequestView;
  readonly end: RequestEnd;
}

export class Requests {
  readonly #platform: Platform;
  readonly #cart: Cart;
  #open = $state.raw<OpenRequests>(NOBODY);
  /** The end of the one whose sale is on the screen. */
  ended = $state.raw<Ended | null>(null);
  /** The one that the person put off: it stays in the status bar. */
  putOff = $state<string | null>(null);
  /** The newest one that was accepted here: its sale may be over before it is asked about. */
  #accepted: RequestView | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #asking = 0;
  #newest: Promise<void> = Promise.resolve();

  constructor(platform: Platform, cart: Cart) {
    this.#platform = platform;
    this.#cart = cart;
  }

  /** The one to answer or to pay. */
  get current(): RequestView | null {
    return this.#open.current;
  }

  /** How many wait behind it. */
  get waiting(): number {
    return this.#open.waiting;
  }

  /** The one that nobody has answered yet. */
  get asked(): RequestView | null {
    const { current } = this;
    return current && (current.status === "received" || current.status === "shown")
      ? current
      : null;
  }

  /** The one that the open basket pays. */
  get paying(): RequestView | null {
    const { current } = this;
    const basket = this.#cart.view?.id;
    return current?.status === "accepted" && current.basket_id === basket ? current : null;
  }

  /** One that was accepted, and whose basket is parked or at another screen. */
  get away(): RequestView | null {
    const { current } = this;
    return current?.status === "accepted" && !this.paying ? current : null;
  }

  /** One whose card nobody knows about yet. */
  get doubt(): RequestView | null {
    return this.current?.status === "in_doubt" ? this.current : null;
  }

  /** The one to show over the screen: nobody has answered it or put it off. */
  get noticed(): RequestView | null {
    const { asked } = this;
    return asked && asked.id !== this.putOff ? asked : null;
  }

  /** What waits for somebody, in the words of the status bar. */
  get word(): string | null {
    for (const kind of ["asked", "away", "doubt"] as const) {
      const request = this[kind];
      if (request) return t(KEY_OF[kind], { app: request.app });
    }
    return null;
  }

  /** Asks what apps ask for, and ends when the newest answer is there: an older one does not count. */
  refresh(): Promise<void> {
    const asking = ++this.#asking;
    const ask = async () => {
      const open = await this.#platform.call("requests.open", {});
      if (asking === this.#asking) this.#take(open);
      else await this.#newest;
    };
    // Later, so that it is the newest before anything can overtake it.
    this.#newest = Promise.resolve().then(ask);
    return this.#newest;
  }

  #take(open: OpenRequests): void {
    this.#open = open;
    if (open.current?.status === "accepted") this.#accepted = open.current;
    clearTimeout(this.#expiry);
    const { asked } = this;
    if (!asked) return;
    const left = Math.max(0, asked.expires_ms - Date.now()) + PAST_MS;
    const again = () => void this.refresh().catch(() => undefined);
    this.#expiry = setTimeout(again, Math.min(left, TIMER_MS_MAX));
  }

  end(): void {
    clearTimeout(this.#expiry);
  }

  /** Takes a request up: its basket is the open one now. */
  async accept(request: RequestView): Promise<void> {
    await this.#cart.after(async () => {
      const view = await this.#platform.call("requests.accept", { request_id: request.id });
      this.#cart.show(view);
    });
    await this.refresh();
  }

  /** Gives a request up, with nothing charged. */
  async cancel(request: RequestView, reason: string): Promise<Ended> {
    const asked = { request_id: request.id, reason };
    const end = await this.#platform.call("requests.cancel", asked);
    await this.#cart.refresh();
    await this.refresh();
    return { request, end };
  }

  /** What became of the request that a sale was for. The reply is stored before this answers. */
  async finish(sale: SaleView): Promise<void> {
    const request = this.#accepted;
    if (!request || request.basket_id !== sale.id) return;
    this.ended = await this.endOf(request);
    await this.refresh();
  }

  /** Asks again what became of a request. */
  async endOf(request: RequestView): Promise<Ended> {
    return { request, end: await this.#platform.call("requests.end", { request_id: request.id }) };
  }

  /** Goes back to the app with its reply. @returns whether the app was opened. */
  async callBack({ request, end }: Ended): Promise<boolean> {
    if (end.callback_url === null) return true;
    return this.#platform.callBack(request.id, end.callback_url, ledHere(request.id));
  }

  /** Hands in what stands in the page's address, if another page led here. */
  async takeHandedIn(): Promise<RequestReceived | null> {
    if (!location.hash.startsWith(HANDED_IN)) return null;
    const url = decoded(location.hash.slice(HANDED_IN.length));
    // Loaded again, the page does not ask again.
    history.replaceState(null, "", "#/sell");
    const received = await this.#platform.call("requests.receive_link", { url });
    const { request } = received;
    if (request) remember(request.id);
    return received;
  }

  /** Forgets what the screen said of an end. */
  next(): void {
    this.ended = null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ledHere(id: string): boolean {
  try {
    return sessionStorage.getItem(LED_HERE) === id;
  } catch {
    return false;
  }
}

function remember(id: string): void {
  try {
    sessionStorage.setItem(LED_HERE, id);
  } catch {
    // Then its reply opens in another tab.
  }
}
