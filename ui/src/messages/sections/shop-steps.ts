// What to click at each platform before a shop can be connected.

export const shopSteps = {
  "channels.steps.woocommerce":
    "Open WooCommerce, Settings, Advanced, REST API.\nPress Add key. Description: Countertop. User: one who manages the shop. Permissions: Read/Write.\nPress Generate API key and leave that page open: the secret shows once.\nEnter both below as one line: the consumer key, a colon, the consumer secret.",
  "channels.steps.shopify":
    "Open the Dev Dashboard of your Shopify account, press Create app and name it Countertop.\nUnder Versions give it the Admin API scopes that are listed below, and press Release.\nPress Install app and choose this shop.\nUnder Settings copy the Client ID and the Client secret into the fields below. An app that was made in the shop's own admin has an Admin API access token instead.\nThe address is the one that ends in myshopify.com.\nWith more than one location, enter under More settings the name of the one that this counter sells from.",
  "channels.steps.magento":
    "Open System, Extensions, Integrations and press Add New Integration. Name: Countertop.\nUnder API choose the resources that are listed below, and press Save.\nPress Activate, then Allow: it shows four values.\nCopy all four into the fields below. With the access token alone, the shop must allow it as a bearer token (Stores, Configuration, Services, OAuth).\nUnder More settings enter the code of the source that this counter sells from, if it is not “default”.",
  "channels.steps.bigcommerce":
    "Open Settings, Store-level API accounts and press Create API account. Token type: V2/V3 API token.\nChoose the scopes that are listed below.\nPress Save and copy the access token: it shows once. The client secret is needed for webhooks only.\nThe address is the API path that is shown beside the token: it has the hash of your store in it.\nUnder More settings say how prices are entered, and which location this counter sells from.",
  "channels.steps.vendure":
    "Open the dashboard of Vendure, Settings, Roles, and make a role with the permissions that are listed below.\nUnder Settings, API keys, make a key with that role; where there is no such page, make an administrator with it.\nEnter the key below, or the administrator and the password.\nThe address is that of the server, without admin-api.\nUnder More settings enter the channel's token and the stock location, where there is more than one.",
  "channels.steps.medusa":
    "Open the Medusa Admin, Settings, Secret API Keys.\nPress Create. Title: Countertop. Copy the key: it shows once.\nUnder Settings, Regions, open the region of the counter; its id is the end of the page's address (reg_…).\nLook up the ids of a sales channel (sc_…), of the stock location (sloc_…) and of a shipping option (so_…) in the same way.\nEnter them below. The address is that of the Medusa server.",
} as const;
