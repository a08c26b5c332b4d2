// The register in its own window. The only file that may import @tauri-apps.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Changed, FileView, Refusal } from "../bindings/api";
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

export class WindowPlatform implements Platform {
  readonly client = lastingClient();

  async call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>> {
    const { client } = this;
    try {
      return await invoke<ReplyOf<K>>("rpc", { command: name, body: request, client });
    } catch (reason) {
      if (isRefusal(reason)) throw new Refused(reason);
      throw new Unreachable(reason);
    }
  }

  onChanged(listener: (change: Changed) => void): () => void {
    const listening = listen<Changed>("changed", (event) => listener(event.payload));
    return () => void listening.then((stop) => stop());
  }

  onConnection(): () => void {
    // The register runs in the window's own process: there is no way to lose.
    return () => undefined;
  }

  onLinkRefused(listener: (refusal: Refusal) => void): () => void {
    const listening = listen<Refusal>("link-refused", (event) => listener(event.payload));
    return () => void listening.then((stop) => stop());
  }

  async callBack(request_id: string): Promise<boolean> {
    // The program opens it before the register notes it.
    await this.call("requests.called_back", { request_id });
    return true;
  }

  openFile(file: FileView): Promise<void> {
    download(file);
    return Promise.resolve();
  }

  openDisplay(): Promise<void> {
    // The program sees the wish and opens the window itself.
    window.open(CUSTOMER_PAGE);
    return Promise.resolve();
  }
}
