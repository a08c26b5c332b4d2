// What the person does about payments that other apps ask for, and where that leads on the screen.

import type { RequestView, SaleView } from "../bindings/api";
import { t } from "../messages";
import type { Ended } from "./requests.svelte";
import type { Till } from "./till.svelte";

export class Answers {
  readonly #till: Till;

  constructor(till: Till) {
    this.#till = till;
  }

  /** Takes in what another page led here with, and asks. @returns the way to stop. */
  async begin(): Promise<() => void> {
    const handedIn = () => void this.#till.run(this.#takeHandedIn());
    window.addEventListener("hashchange", handedIn);
    await this.#till.run(this.#takeHandedIn());
    await this.#till.run(this.refresh());
    return () => window.removeEventListener("hashchange", handedIn);
  }

  /** Hands in a link that another page put into this page's address. */
  async #takeHandedIn(): Promise<void> {
    const received = await this.#till.requests.takeHandedIn();
    if (!received) return;
    this.#till.route.replace("sell");
    const { request, end, message } = received;
    if (request && !end) return this.refresh();
    if (end?.callback_url) location.assign(end.callback_url);
    else this.#till.toasts.warn(message);
  }

  /** Asks what apps ask for, and shows it where nobody is in the middle of something. */
  async refresh(): Promise<void> {
    const before = this.#till.requests.asked ?? this.#till.requests.paying;
    const shown = this.#till.sheet?.kind === "request" || this.#till.requests.paying !== null;
    await this.#till.requests.refresh();
    const { current, noticed } = this.#till.requests;
    // What was on the screen and is gone was canceled, or its time was over.
    if (before && before.id !== current?.id && shown && !this.#till.payment.done && !this.#answering) {
      this.#till.toasts.say(t("request.gone", { app: before.app }));
      if (!this.#till.cart.paying) await this.#till.cart.refresh();
    }
    // It opens by itself only where nobody is in the middle of something.
    const idle = this.#till.route.screen === "sell" && this.#till.cart.empty && !this.#till.payment.done;
    if (noticed && idle && !this.#till.sheet && !typing()) this.#till.sheet = { kind: "request" };
  }

  /** True while this screen answers a request itself. */
  #answering = false;

  /** Shows what an app asks for, or the payment that is under way for it. */
  show(): void {
    this.#till.requests.putOff = null;
    if (this.#till.requests.paying) this.#till.route.go("pay");
    else if (this.#till.requests.current) this.#till.sheet = { kind: "request" };
  }

  /** Takes a request up. What stands in the cart is parked, and nothing of it is lost. */
  async accept(request: RequestView): Promise<void> {
    this.#answering = true;
    try {
      if (this.#till.payment.done) await this.back();
      if (!this.#till.cart.empty && this.#till.cart.view?.id !== request.basket_id) {
        await this.#till.cart.park(t("request.parked_as", { app: request.app }));
      }
      await this.#till.requests.accept(request);
      this.#till.sheet = null;
      if (this.#till.requests.paying) this.#till.route.go("pay");
      else await this.#tell(await this.#till.requests.endOf(request));
    } catch (error) {
      this.#till.fail(error);
      await this.#till.run(this.#till.requests.refresh());
    }
    this.#answering = false;
  }

  /** Gives a request up: its app is told, and nothing is charged. */
  async cancel(request: RequestView): Promise<void> {
    this.#answering = true;
    try {
      const ended = await this.#till.requests.cancel(request, "");
      this.#till.sheet = null;
      if (this.#till.route.screen === "pay") this.#till.route.replace("sell");
      await this.#tell(ended);
    } catch (error) {
      this.#till.fail(error);
      await this.#till.run(this.#till.requests.refresh());
    }
    this.#answering = false;
  }

  /** Tells an app how its request ended without a sale on this screen. */
  async tellApp(request: RequestView): Promise<void> {
    this.#till.sheet = null;
    await this.#till.run(this.#till.requests.endOf(request).then((ended) => this.#tell(ended)));
  }

  async #tell(ended: Ended): Promise<void> {
    const { app, message } = ended.end;
    if (await this.#till.requests.callBack(ended)) this.#till.toasts.say(message);
    else this.#offerBack(app, ended);
  }

  /** A browser opens another page after a tap only. */
  #offerBack(app: string, ended: Ended): void {
    const run = () => void this.#till.run(this.#till.requests.callBack(ended));
    this.#till.toasts.warn(t("request.not_opened", { app }), { label: t("request.back", { app }), run });
  }

  /** Asks for the reply to the app that a sale was for; it is stored before anything opens. */
  async end(sale: SaleView): Promise<void> {
    await this.#till.requests.finish(sale);
    const { ended } = this.#till.requests;
    if (!ended) return;
    const opens = ended.end.callback_url !== null;
    const cash = sale.tenders.some(({ kind }) => kind === "cash" || kind === "foreign_cash");
    // The person may have gone on while the register answered.
    if (this.#till.payment.done?.id !== sale.id) this.leaveEnd();
    else if (ended.request.skip_receipt && opens && !cash) await this.back();
  }

  /** Goes back to the app whose sale was just completed, and on to the next sale. */
  async back(): Promise<void> {
    const { ended } = this.#till.requests;
    this.#till.requests.next();
    this.#till.nextSale();
    if (!ended) return;
    try {
      if (!(await this.#till.requests.callBack(ended))) this.#offerBack(ended.end.app, ended);
    } catch (error) {
      this.#till.fail(error);
    }
  }

  /** The end of a sale was left by another way than back to its app: that way stays on offer. */
  leaveEnd(): void {
    const { ended } = this.#till.requests;
    this.#till.requests.next();
    if (!ended || ended.end.callback_url === null) return;
    const { app } = ended.end;
    const run = () => void this.#till.run(this.#till.requests.callBack(ended));
    this.#till.toasts.warn(t("request.done", { app }), { label: t("request.back", { app }), run });
  }
}

/** True while somebody types into a field. */
function typing(): boolean {
  return document.activeElement instanceof HTMLInputElement;
}
