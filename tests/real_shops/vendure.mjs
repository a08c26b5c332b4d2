// Serves a fresh Vendure, furnished with so many items, from the packages in the folder that it is started
// in, and prints what a register needs to know of it. node vendure.mjs BOOKS PORT ITEMS
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [books, port, items] = process.argv.slice(2);
process.env.VENDURE_DISABLE_TELEMETRY = "true";
const require = createRequire(join(process.cwd(), "package.json"));
const { bootstrap, dummyPaymentHandler, DefaultLogger, LogLevel } = require("@vendure/core");
const { populate } = require("@vendure/core/cli");

const [user, password] = ["superadmin", "superadmin"];
const config = {
  apiOptions: { hostname: "127.0.0.1", port: Number(port), adminApiPath: "admin-api", shopApiPath: "shop-api" },
  authOptions: { tokenMethod: ["bearer"], superadminCredentials: { identifier: user, password } },
  dbConnectionOptions: { type: "better-sqlite3", synchronize: true, database: join(books, "shop.sqlite") },
  importExportOptions: { importAssetsDir: books },
  logger: new DefaultLogger({ level: LogLevel.Error }),
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
};
const shop = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [{ name: "United Kingdom", code: "GB", zone: "Europe" }],
  taxRates: [{ name: "Standard Tax", percentage: 20 }],
  shippingMethods: [{ name: "Standard Shipping", price: 500 }, { name: "Express Shipping", price: 1000 }],
  paymentMethods: [{
    name: "Standard Payment",
    handler: { code: dummyPaymentHandler.code, arguments: [{ name: "automaticSettle", value: "false" }] },
  }],
  collections: [],
};
const columns = "name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,"
  + "trackInventory,variantAssets,variantFacets";
const rows = [];
for (let number = 1; number <= Number(items); number += 1) {
  const price = (5 + number / 100).toFixed(2);
  rows.push(`Item ${number},item-${number},,,,Size,Small,REAL-${number},${price},standard,50,true,,`);
  rows.push(`,,,,,,Large,REAL-${number}-L,${price},standard,50,true,,`);
}
const catalogue = join(books, "catalogue.csv");
writeFileSync(catalogue, [columns, ...rows, ""].join("\n"));
await populate(() => bootstrap(config), shop, catalogue);
console.log(JSON.stringify({ address: `http://127.0.0.1:${port}`, user, password }));
