import { fireEvent, screen } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import type { WebhookView } from "../../bindings/api";
import { refuse } from "../../testing/fields";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type as typeInto } from "../../testing/open-till";

let fake: FakeRegister;
let webhooks: WebhookView[];

function hook(more: Partial<WebhookView>): WebhookView {
  return {
    id: `hook-${webhooks.length + 1}`,
    name: "Newsletter",
    url: "https://hooks.example.com/x",
    types: ["customer.*"],
    enabled: true,
    trouble: "",
    program: null,
    revoked: false,
    certificate: "",
    old_secret_until_ms: null,
    created_ms: 0,
    updated_ms: 0,
    success_ms: null,
    waiting: 0,
    oldest_ms: null,
    dead: 0,
    ...more,
  };
}

beforeEach(() => {
  location.hash = "#/apps/webhooks";
  webhooks = [];
  fake = new FakeRegister();
  const list = () => ({ webhooks, allowed_hosts: [], subjects: ["customer", "sale"] });
  fake.answers = {
    "webhooks.list": list,
    "webhooks.save": ({ name, url, types }) => {
      if (url.startsWith("http:")) refuse("bad_web_address");
      const webhook = hook({ name, url, types });
      webhooks = [webhook, ...webhooks];
      return { webhook, secret: "whsec_secret" };
    },
    "webhooks.redeliver": () => ({ deliveries: [], more: false }),
  };
});

it("a webhook is added with what was ticked, and its secret shows until it is kept", async () => {
  await openTill(fake);
  typeInto(await screen.findByLabelText("What it is for"), "Books");
  typeInto(screen.getByLabelText("Address"), "https://books.example.com/in");
  await fireEvent.click(screen.getByLabelText("Sales"));
  await fireEvent.click(screen.getByRole("button", { name: "Add webhook" }));
  expect(await screen.findByText("whsec_secret")).toBeTruthy();
  const saved = fake.calls.find(({ name }) => name === "webhooks.save")?.request;
  expect(saved).toMatchObject({ name: "Books", types: ["sale.*"], allow_host: false });
  await fireEvent.click(screen.getByRole("button", { name: "I have kept it" }));
  expect(screen.queryByText("whsec_secret")).toBeNull();
});

it("an address that is refused stays in its field, with the reason", async () => {
  await openTill(fake);
  typeInto(await screen.findByLabelText("What it is for"), "Books");
  typeInto(screen.getByLabelText("Address"), "http://books.example.com/in");
  await fireEvent.click(screen.getByRole("button", { name: "Add webhook" }));
  expect(await screen.findByText("refused: bad_web_address")).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Address").value).toContain("books.example.com");
});

it("messages that were given up are said and sent again by one press", async () => {
  webhooks = [hook({ dead: 2 })];
  await openTill(fake);
  expect(await screen.findByText("2 messages did not arrive and were given up")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Send them again" }));
  const sent = fake.calls.find(({ name }) => name === "webhooks.redeliver")?.request;
  expect(sent).toEqual({ webhook_id: "hook-1" });
});

it("a new secret is made only after a second press, and a revoked program's webhook can only go", async () => {
  webhooks = [hook({}), hook({ name: "Old", program: "Shop", revoked: true, dead: 1, id: "hook-9" })];
  fake.answers["webhooks.rotate"] = () => ({ webhook: webhooks[0]!, secret: "whsec_new" });
  await openTill(fake);
  await fireEvent.click(await screen.findByRole("button", { name: "New secret for Newsletter" }));
  expect(screen.queryByText("whsec_new")).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "Make a new secret for Newsletter" }));
  expect(await screen.findByText("whsec_new")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send them again" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Change Old" })).toBeNull();
  expect(screen.getByRole("button", { name: "Remove Old" })).toBeTruthy();
});
