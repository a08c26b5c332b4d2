// What to click at each platform before a shop can be connected.

export const shopSteps = {
  "channels.steps.woocommerce":
    "Open WooCommerce, Settings, Advanced, REST API.\nPress Add key. Description: Countertop. User: one who manages the shop. Permissions: Read/Write.\nPress Generate API key and leave that page open: the secret shows once.\nEnter both below as one line: the consumer key, a colon, the consumer secret.",
  "channels.steps.shopify":
    "Open the Dev Dashboard of your Shopify account and create an app for this shop.\nGive it the Admin API rights that are listed below.\nInstall it in your shop.\nCopy its access data into the fields below.\nThe address is the one that ends in myshopify.com.",
  "channels.steps.magento":
    "Open System, Extensions, Integrations and press Add New Integration. Name: Countertop.\nUnder API choose the resources that are listed below.\nSave it, then press Activate and Allow.\nCopy what it shows into the fields below.",
  "channels.steps.bigcommerce":
    "Open Settings, Store-level API accounts and press Create API account. Token type: V2/V3 API token.\nChoose the scopes that are listed below.\nPress Save and copy the access token: it shows once.\nThe address has the hash of your store in it: it is the API path that is shown beside the token.",
  "channels.steps.vendure":
    "Open the Admin UI of Vendure, Settings, Administrators.\nAdd an administrator for Countertop, with a role that has the permissions listed below.\nEnter that account below.\nThe address is that of the server, without admin-api.",
  "channels.steps.medusa":
    "Open the Medusa Admin, Settings, Secret API Keys.\nPress Create. Title: Countertop. Copy the key: it shows once.\nEnter it below. The address is that of the Medusa server.",
} as const;
