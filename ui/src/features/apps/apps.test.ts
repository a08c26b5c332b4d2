import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import type { AppView, RequestView, TokenView } from "../../bindings/api";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type as typeInto } from "../../testing/open-till";

let fake: FakeRegister;
let tokens: TokenView[];

function token(more: Partial<TokenView>): TokenView {
  const id = `token-${tokens.length + 1}`;
  const plain = { id, device: false, name: "Kiosk", scopes: ["payments"], role: "manager" };
  return { ...plain, created_ms: 0, used_ms: null, revoked_ms: null, ...more };
}

beforeEach(() => {
  location.hash = "#/apps/tokens";
  tokens = [];
  fake = new FakeRegister();
  fake.answers = {
    "tokens.list": () => ({ tokens }),
    "tokens.create": ({ name, scopes, role }) => {
      const made = token({ name, scopes, ...(role ? { role } : {}) });
      tokens = [made, ...tokens];
      return { token: made, secret: "ctp_secret" };
    },
    "tokens.revoke": ({ token_id }) => {
      tokens = tokens.map((one) => (one.id === token_id ? { ...one, revoked_ms: 1 } : one));
      return { tokens };
    },
  };
});

it("a token is made with the scopes that were ticked, and its secret shows until it is kept", async () => {
  await openTill(fake);
  typeInto(await screen.findByLabelText("Whose it is"), "Kiosk");
  await fireEvent.click(screen.getByLabelText(/^Read products/));
  await fireEvent.click(screen.getByLabelText(/^Ask for payments/));
  await fireEvent.click(screen.getByRole("button", { name: "cashier" }));
  await fireEvent.click(screen.getByRole("button", { name: "Make a token" }));
  expect(await screen.findByText("ctp_secret")).toBeTruthy();
  const made = fake.calls.find(({ name }) => name === "tokens.create")?.request;
  expect(made).toEqual({ name: "Kiosk", scopes: ["payments", "catalog:read"], role: "cashier" });
  await fireEvent.click(screen.getByRole("button", { name: "I have kept it" }));
  expect(screen.queryByText("ctp_secret")).toBeNull();
});

it("a token is revoked only after a second press", async () => {
  tokens = [token({ name: "Web shop" })];
  await openTill(fake);
  await fireEvent.click(await screen.findByRole("button", { name: "Revoke Web shop" }));
  expect(fake.calls.some(({ name }) => name === "tokens.revoke")).toBe(false);
  await fireEvent.click(screen.getByRole("button", { name: "Revoke Web shop for good" }));
  expect(await screen.findByText(/^Web shop, revoked/)).toBeTruthy();
});

it("a paired device is not among the programs' tokens", async () => {
  tokens = [token({ name: "Tablet", device: true }), token({ name: "Web shop" })];
  await openTill(fake);
  await screen.findByText("Web shop");
  expect(screen.queryByText("Tablet")).toBeNull();
});

it("an app's results are sent by the register where the owner ticks that", async () => {
  location.hash = "#/apps";
  fake.answers["apps.list"] = () => ({ apps: [], square_links: false });
  fake.answers["apps.save"] = (app) => ({
    app: { ...app, scopes: [], token_id: null, sandbox: false, created_ms: 0, revoked_ms: null },
    secret: null,
  });
  await openTill(fake);
  typeInto(await screen.findByLabelText("Name, as the cashier sees it"), "Kiosk");
  typeInto(screen.getByLabelText("What it calls itself (client ID)"), "kiosk");
  const where = "Where it hears of results, one address a line";
  await fireEvent.input(screen.getByLabelText(where), {
    target: { value: "https://shop.example/paid" },
  });
  await fireEvent.click(screen.getByLabelText("The register sends results there by itself"));
  await fireEvent.click(screen.getByRole("button", { name: "Register it" }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === "apps.save")).toBe(true));
  const saved = fake.calls.find(({ name }) => name === "apps.save")?.request;
  expect(saved).toMatchObject({ callbacks: ["https://shop.example/paid"], post: true });
});

it("a result that was given up says why, and is sent again after a press", async () => {
  location.hash = "#/apps/programs:kiosk";
  const app: AppView = {
    client_id: "kiosk", name: "Kiosk", callbacks: ["https://shop.example/paid"], post: true,
    scopes: ["payments"], token_id: null, sandbox: false, created_ms: 0, revoked_ms: null,
  };
  fake.answers["apps.list"] = () => ({ apps: [app], square_links: false });
  const request = {
    id: "request-1", amount: 1200, status: "completed", received_ms: 0, called_back: 0, notes: "",
    receipt: "T1-1", error_code: null, sandbox: false,
    posted: { state: "dead", attempts: 12, due_ms: null, trouble: "the address answered 503" },
  } as unknown as RequestView;
  fake.answers["apps.requests"] = () => ({ requests: [request], more: false });
  fake.answers["requests.post_again"] = () => request;
  await openTill(fake);
  await screen.findByText("Result given up after 12 tries: the address answered 503");
  expect(screen.queryByRole("button", { name: "Tell it now" })).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "Send again" }));
  const again = fake.calls.find(({ name }) => name === "requests.post_again")?.request;
  expect(again).toEqual({ request_id: "request-1" });
});

it("whoever may not change settings sees no token", async () => {
  fake.rights = fake.rights.filter((right) => right !== "change_settings");
  tokens = [token({ name: "Web shop" })];
  await openTill(fake);
  const main = within(await screen.findByRole("main"));
  expect(main.getByText(/may not change settings/)).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === "tokens.list")).toBe(false);
});
