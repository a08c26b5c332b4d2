// What the screens ask of the place they run in: the desktop window or a browser. Nothing else in
// the UI may know which of the two it is.

import type { Changed, Commands, FileView, Refusal } from "../bindings/api";

export type CommandName = keyof Commands;
export type RequestOf<K extends CommandName> = Commands[K]["request"];
export type ReplyOf<K extends CommandName> = Commands[K]["reply"];

/** Where the page that faces the customer is. */
export const CUSTOMER_PAGE = "#/display";
/** Where a tablet or a phone asks to be let in. */
export const PAIR_PAGE = "#/pair";

/** The way to the register. */
export interface Platform {
  /** This client's lasting id: its open basket belongs to it, and `Changed.origin` names it. */
  readonly client: string;
  /**
   * Carries out a command.
   * @throws {Refused} when the register says no.
   * @throws {Unreachable} when no answer came; whether the command was carried out is unknown.
   */
  call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>>;
  /** Tells of every change, from this client and others. Returns the way to stop. */
  onChanged(listener: (change: Changed) => void): () => void;
  /** Tells when the way to the register is lost (false) and found again (true). */
  onConnection(listener: (up: boolean) => void): () => void;
  /** Gives a file to the person, with their downloads. */
  openFile(file: FileView): Promise<void>;
  /** Tells why a link of another program came to nothing. Returns the way to stop. */
  onLinkRefused(listener: (refusal: Refusal) => void): () => void;
  /**
   * Goes back to the app that a payment was for, by the address that the register has stored with the
   * reply in it.
   * @param away whether this page may go there itself, as the app's own page led here.
   * @returns whether the app was opened; the browser may keep a page from opening another by itself.
   * @throws {Refused} when nothing on this machine opens that address.
   */
  callBack(request_id: string, address: string, away: boolean): Promise<boolean>;
  /** Opens the page that faces the customer, in a window to put on a screen of its own. */
  openDisplay(): Promise<void>;
}

/** The register said no, and why. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "Refused";
    this.refusal = refusal;
  }
}

/** No answer came. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("no answer from the register", { cause });
    this.name = "Unreachable";
  }
}

/** True for the JSON of a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string";
}
