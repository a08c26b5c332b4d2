// Furnishes a fresh Medusa through its own API, as a shopkeeper does on its screens, and prints what a
// register needs to know of it. node medusa.mjs ADDRESS EMAIL PASSWORD ITEMS
const [address, email, password, items] = process.argv.slice(2);
let authorization = "";

async function ask(method, path, body) {
  const headers = { "content-type": "application/json", authorization };
  const answer = await fetch(`${address}/${path}`, { method, headers, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said;
}
const post = (path, body) => ask("POST", path, body);

const { token } = await post("auth/user/emailpass", { email, password });
authorization = `Bearer ${token}`;
const { api_key: secret } = await post("admin/api-keys", { title: "Countertop", type: "secret" });
const { api_key: open } = await post("admin/api-keys", { title: "Storefront", type: "publishable" });
authorization = `Basic ${btoa(`${secret.token}:`)}`;

const { sales_channel: channel } = await post("admin/sales-channels", { name: "Counter and web" });
await post(`admin/api-keys/${open.id}/sales-channels`, { add: [channel.id] });
const { stores } = await ask("GET", "admin/stores");
await post(`admin/stores/${stores[0].id}`, {
  name: "Medusa Store",
  supported_currencies: [{ currency_code: "eur", is_default: true }],
  default_sales_channel_id: channel.id,
});
const { region } = await post("admin/regions", {
  name: "Europe",
  currency_code: "eur",
  countries: ["de"],
  payment_providers: ["pp_system_default"],
});
await post("admin/tax-regions", {
  country_code: "de",
  provider_id: "tp_system",
  default_tax_rate: { name: "VAT", code: "vat", rate: 19 },
});
const { stock_location: location } = await post("admin/stock-locations", { name: "The shop" });
await post(`admin/stock-locations/${location.id}/sales-channels`, { add: [channel.id] });
await post(`admin/stock-locations/${location.id}/fulfillment-providers`, { add: ["manual_manual"] });

const { shipping_profiles: profiles } = await ask("GET", "admin/shipping-profiles");
const profile = profiles[0]
  ?? (await post("admin/shipping-profiles", { name: "Default", type: "default" })).shipping_profile;
async function way(name, type, price) {
  const made = await post(`admin/stock-locations/${location.id}/fulfillment-sets?fields=*fulfillment_sets`, { name, type });
  const set = made.stock_location.fulfillment_sets.find((one) => one.name === name);
  const zones = await post(`admin/fulfillment-sets/${set.id}/service-zones?fields=*service_zones`, {
    name,
    geo_zones: [{ type: "country", country_code: "de" }],
  });
  const { shipping_option: option } = await post("admin/shipping-options", {
    name,
    service_zone_id: zones.fulfillment_set.service_zones[0].id,
    shipping_profile_id: profile.id,
    provider_id: "manual_manual",
    price_type: "flat",
    type: { label: name, description: name, code: type },
    prices: [{ currency_code: "eur", amount: price }],
    rules: [],
  });
  return option.id;
}
const shipping = await way("To be sent", "shipping", 4.9);
const pickup = await way("To be collected", "pickup", 0);

function ean(digits) {
  const weighted = [...digits].map((digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 3));
  return digits + ((10 - (weighted.reduce((sum, one) => sum + one) % 10)) % 10);
}

for (let number = 1; number <= Number(items); number += 1) {
  const sku = `REAL-${number}`;
  const price = { currency_code: "eur", amount: 5 + number / 100 };
  const { product } = await post("admin/products?fields=*variants,*variants.inventory_items", {
    title: `Item ${number}`,
    status: "published",
    shipping_profile_id: profile.id,
    sales_channels: [{ id: channel.id }],
    options: [{ title: "Size", values: ["Small", "Large"] }],
    variants: [
      { title: "Small", sku, barcode: ean(`4006${String(number).padStart(8, "0")}`), options: { Size: "Small" },
        manage_inventory: true, prices: [price, { currency_code: "usd", amount: 1 }] },
      { title: "Large", sku: `${sku}-L`, options: { Size: "Large" }, manage_inventory: true, prices: [price] },
    ],
  });
  for (const variant of product.variants) {
    const item = variant.inventory_items[0].inventory_item_id;
    await post(`admin/inventory-items/${item}/location-levels`, { location_id: location.id, stocked_quantity: 50 });
  }
}
console.log(JSON.stringify({
  address,
  key: secret.token,
  open_key: open.token,
  region: region.id,
  sales_channel: channel.id,
  location: location.id,
  shipping_option: shipping,
  pickup_options: pickup,
}));
